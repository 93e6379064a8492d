import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { settings } from "../../src/core/vqa/setting.ts";
import { loadDataset } from "../../src/data/load.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { writeTrainingRows } from "../../src/data/training-rows.ts";
import type { Server } from "../../src/infer/servers.ts";
import { withServers } from "../../src/launch/infer-servers.ts";
import { requires } from "../helpers/requires.ts";
import { type Recorded, r1sggIn, readJson, readLines, until } from "./smoke-process.ts";

const minute = 60_000;
const images = 200;

/** Two real vLLM servers of a tiny model, which all tests share; the last one kills one of them. */
requires("python").describe("r1sgg infer", () => {
  let folder: string;
  let servers: readonly Server[];
  let whole: string;
  const done = Promise.withResolvers<void>();
  let held: Promise<void> = Promise.resolve();

  const flags = (out: string) => [
    ...["infer", "--dataset", "scenes", "--out", out, "--max-tokens", "24"],
    ...["--max-pixels", "18816", "--concurrency", "4"],
  ];
  const ask = (out: string) =>
    r1sggIn(folder, ...flags(out), "--servers", servers.map(({ url }) => url).join(","));
  const linesOf = (out: string) => readLines<{ image_id: string }>(folder, out);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "r1sgg infer "));
    await synthesize({ count: images, seed: 3, out: join(folder, "scenes") });
    await makeModel(folder);
    const image = (await loadDataset(join(folder, "scenes")))[0]!.image_path!;
    const ready = Promise.withResolvers<readonly Server[]>();
    const tell = { update: () => {}, end: () => {}, say: () => {} };
    const options = { model: join(folder, "model"), device: "cpu", maxModelLen: "auto" } as const;
    const run = { count: 2, image, runDir: join(folder, "run"), runId: "run", tell };
    held = withServers({ ...options, ...run }, async (started) => {
      ready.resolve(started);
      await done.promise;
    });
    held.catch(ready.reject);
    servers = await ready.promise;
    const first = await ask("whole.jsonl");
    expect(first.exitCode, first.all).toBe(0);
    whole = await readFile(join(folder, "whole.jsonl"), "utf8");
  }, 15 * minute);
  afterAll(async () => {
    done.resolve();
    await held.catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }, minute);

  it("answers every image once, in order, by both servers", async () => {
    const ids = (await loadDataset(join(folder, "scenes"))).map(({ image_id }) => image_id);
    expect(linesOf("whole.jsonl").map(({ image_id }) => image_id)).toEqual(ids);
    const again = await ask("whole.jsonl");
    expect(again.stderr).toContain(`${images} images: 0 answered now, ${images} before`);
  });

  it("asks four-way questions in nine settings too, and scores the answers", async () => {
    const asked = ["--questions", "questions", "--out", "vqa", "--max-tokens", "16"];
    const run = async (...args: readonly string[]) => {
      const ended = await r1sggIn(folder, "vqa", ...args);
      expect(ended.exitCode, ended.all).toBe(0);
      return ended;
    };
    await run("build", "--dataset", "scenes", "--out", "questions", "--limit", "2");
    const count = linesOf("questions/questions.jsonl").length;
    const urls = servers.map(({ url }) => url).join(",");
    await run("run", ...asked, "--servers", urls, "--max-pixels", "18816");
    for (const { name } of settings) expect(linesOf(`vqa/${name}.jsonl`)).toHaveLength(count);
    const shown = await run("score", "--questions", "questions", "--predictions", "vqa");
    for (const { row } of settings) expect(shown.stdout).toContain(row);
    expect(shown.stdout).not.toContain("unanswered");
    expect(shown.stdout).toContain(`${count} questions on 2 images`);
  });

  it(
    "goes on when it was killed, and ends with the file of an undisturbed run",
    async () => {
      const killed = ask("killed.jsonl");
      await until("a third is answered", () => linesOf("killed.jsonl").length > 60, 4 * minute);
      killed.kill("SIGKILL");
      await killed;
      const before = linesOf("killed.jsonl").length;
      expect(before).toBeLessThan(images);
      const resumed = await ask("killed.jsonl");
      expect(resumed.exitCode, resumed.all).toBe(0);
      expect(resumed.stderr).toContain(`${images - before} answered now, ${before} before`);
      expect(await readFile(join(folder, "killed.jsonl"), "utf8")).toBe(whole);
    },
    8 * minute,
  );

  it(
    "loses nothing when one of the servers is killed",
    async () => {
      const process = ask("bereft.jsonl");
      await until("a third is answered", () => linesOf("bereft.jsonl").length > 60, 4 * minute);
      const { roles } = readJson<Recorded>(folder, "run", "record.json");
      globalThis.process.kill(roles.find(({ name }) => name === "server-1")!.pid, "SIGKILL");
      const ended = await process;
      expect(ended.exitCode, ended.all).toBe(0);
      expect(ended.stderr).toContain(`${images} images: ${images} answered now, 0 before`);
      expect(ended.stderr).toMatch(/: \d+ answered, [1-9]\d* failed/);
      expect(await readFile(join(folder, "bereft.jsonl"), "utf8")).toBe(whole);
    },
    8 * minute,
  );
});

/** A model of random weights that speaks the words of the scenes. */
async function makeModel(folder: string): Promise<void> {
  const rows = (await loadDataset(join(folder, "scenes"))).slice(0, 32);
  const texts = { system: "Be brief.", prompt: "Draw it.\n", think: "none" } as const;
  const { sft } = await writeTrainingRows({ rows, out: join(folder, "data"), ...texts });
  const sizes = { layers: 2, hidden_size: 192, intermediate_size: 512, heads: 6 };
  const limits = { min_pixels: 3136, max_pixels: 18816 };
  const config = { output_dir: join(folder, "model"), corpus: [sft], seed: 0, ...limits, ...sizes };
  const rest = { key_value_heads: 3, tie_word_embeddings: false };
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...config, ...rest }));
  const { python, env } = inject("pythonEnv")!;
  await execa(python, ["-m", "r1sgg_worker", "tiny-model", "model.json"], { cwd: folder, env });
}
