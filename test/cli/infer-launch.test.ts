import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { synthesize } from "../../src/data/synthesize.ts";
import { shipped } from "../../src/root.ts";
import { temporaryFolder } from "../data/rows-file.ts";
import { type Recorded, readJson, readLines, survivors, until } from "../e2e/smoke-process.ts";

/** A place to call `infer --launch` in, with a Python environment whose vLLM is a stand-in. */
async function place(count: number) {
  const folder = await temporaryFolder();
  await synthesize({ count, seed: 1, out: join(folder, "scenes") });
  await mkdir(join(folder, "python/bin"), { recursive: true });
  await mkdir(join(folder, "answers"));
  await mkdir(join(folder, "model"));
  await writeFile(join(folder, "model/config.json"), '{"model_type": "qwen2_vl"}');
  await writeFile(join(folder, "python/bin/python"), "");
  await copyFile(join(import.meta.dirname, "fake-vllm.mjs"), join(folder, "fake-vllm.mjs"));
  const vllm = join(folder, "python/bin/vllm");
  await writeFile(vllm, `#!/bin/sh\nexec "${process.execPath}" "${folder}/fake-vllm.mjs" "$@"\n`);
  await chmod(vllm, 0o755);
  const flags = [
    "--dataset",
    "scenes",
    "--out",
    "out.jsonl",
    "--model",
    "model",
    "--device",
    "cpu",
  ];
  const launch = (servers: number, { deaths = "", more = [] as readonly string[] } = {}) =>
    execa(
      process.execPath,
      [...quiet, shipped("src/cli/main.ts"), "infer", ...flags, ...more, "--launch", `${servers}`],
      {
        ...{ cwd: folder, reject: false, detached: true, cleanup: true },
        env: {
          R1SGG_PYTHON_ENV: join(folder, "python"),
          ...(deaths !== "" && { FAKE_DIES_AT: `${join(folder, "answers")}=${deaths}` }),
        },
      },
    );
  const run = async () => join(folder, "runs", (await readdir(join(folder, "runs")))[0]!);
  const recorded = async () => readJson<Recorded>(await run(), "record.json");
  const answers = () => readLines<{ image_id: string }>(folder, "out.jsonl");
  return { folder, launch, run, recorded, answers };
}

const quiet = ["--disable-warning=ExperimentalWarning"];

describe("r1sgg infer --launch", { timeout: 60_000 }, () => {
  it("starts servers, has them answer, and ends them", async () => {
    const { folder, launch, run, recorded, answers } = await place(12);
    const ended = await launch(2, { more: ["--max-model-len", "2048"] });
    expect([ended.exitCode, ended.stdout]).toEqual([0, "out.jsonl"]);
    expect(ended.stderr).toContain("12 images: 12 answered now, 0 before, 0 unanswered");
    expect(answers()).toHaveLength(12);
    const { state, roles, token } = await recorded();
    expect([state, roles.map(({ name }) => name).sort()]).toEqual([
      "done",
      ["server-0", "server-1"],
    ]);
    expect(survivors(token)).toEqual([]);
    const log = await readFile(join(await run(), "logs/server-1.log"), "utf8");
    const call = JSON.parse(log.split("\n")[1]!) as { args: string[]; threads: string };
    expect(call.args.slice(0, 8)).toEqual([
      ...["serve", join(folder, "model"), "--host", "127.0.0.1", "--dtype", "float32"],
      ...["--max-model-len", "2048"],
    ]);
    expect(call.args).toContain('{"min_pixels":3136,"max_pixels":802816}');
    expect(Number(call.threads)).toBeGreaterThan(0);
  });

  it("goes on when one of them ends", async () => {
    const { launch, recorded, answers } = await place(30);
    const { exitCode, stderr } = await launch(2, { deaths: "7", more: ["--concurrency", "2"] });
    expect(exitCode, stderr).toBe(0);
    expect(new Set(answers().map(({ image_id }) => image_id)).size).toBe(30);
    expect(survivors((await recorded()).token)).toEqual([]);
  });

  it("ends with 4 when all have ended, and says where their logs are", async () => {
    const { launch, run, answers } = await place(30);
    const { exitCode, stderr } = await launch(2, { deaths: "5,9", more: ["--concurrency", "1"] });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(
      `Cannot go on: all 2 servers have ended, expected one that serves; see the logs in "${await run()}/logs"`,
    );
    expect(stderr).toContain(`${answers().length} of 30 images are in out.jsonl`);
  });

  it("leaves no server behind when it is killed, and goes on when it is called again", async () => {
    const { launch, recorded, answers } = await place(60);
    const more = ["--concurrency", "1"];
    const killed = launch(1, { more });
    await until("it answers", () => answers().length > 3, 30_000);
    killed.kill("SIGKILL");
    await killed;
    const { token } = await recorded();
    await until("nothing is left", () => survivors(token).length === 0, 30_000);
    const before = answers().length;
    const ended = await launch(1, { more });
    expect(ended.stderr).toContain(`${60 - before} answered now, ${before} before`);
    expect(answers()).toHaveLength(60);
  });

  it("stops on Ctrl-C with 130 and leaves nothing", async () => {
    const { launch, recorded, answers } = await place(60);
    const process = launch(1, { more: ["--concurrency", "1"] });
    await until("it answers", () => answers().length > 3, 30_000);
    process.kill("SIGINT");
    expect((await process).exitCode).toBe(130);
    const { token, state } = await recorded();
    expect([state, survivors(token)]).toEqual(["interrupted", []]);
  });
});
