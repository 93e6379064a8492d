import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { settings as all } from "../../src/core/vqa/setting.ts";
import type { VqaRow } from "../../src/report/vqa-text.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { type Recorded, r1sgg, readJson, readLines, survivors, until } from "./smoke-process.ts";

const minute = 60_000;
const study = shipped("recipes/studies/smoke.yaml");
const count = 13; // 2 × GRPO, SFT, and inference and evaluation of four models and one kept on the way

/** v1's Table 2, with the small model in the place of Qwen2-VL 7B. */
const table2 = `kind: table
name: small-table2
paper: v1-table2
title: Four-way questions in small
reads: { acc: "settings.{row}.acc", macc: "settings.{row}.macc" }
fills: [{ part: qwen2-vl-7b, run: vqa.yaml }]
`;

requires("python").describe("r1sgg launch of the smoke-size study", () => {
  let folder: string;
  let runs: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg study "));
    runs = join(folder, "runs");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const launch = (at = runs) => r1sgg("launch", study, "--on", "local", "--runs", at);
  /** The runs of a recipe: of SFT's inference and evaluation one more, that of a model kept on the way. */
  const runsOf = (name: string, at = runs): readonly string[] =>
    (existsSync(at) ? readdirSync(at) : [])
      .filter((id) => id.slice(0, -9) === `smoke-${name}`)
      .map((id) => join(at, id));
  const runOf = (name: string): string => runsOf(name)[0] ?? "";
  const stepsOf = (name: string): readonly number[] =>
    readLines<{ step?: number }>(runOf(name), "progress", "trainer.jsonl").flatMap(
      ({ step }) => step ?? [],
    );
  const isPast = (step: number) => () => Math.max(0, ...stepsOf("sft")) >= step;
  const recordOf = (run: string) => readJson<Recorded>(run, "record.json");
  /** What is done, by its record, byte for byte. */
  const done = (at = runs): ReadonlyMap<string, string> =>
    new Map(
      readdirSync(at).flatMap((id) => {
        const text = readFileSync(join(at, id, "record.json"), "utf8");
        return (JSON.parse(text) as Recorded).state === "done" ? [[id, text] as const] : [];
      }),
    );
  const report = async (at = runs) => {
    const told = await r1sgg("report", "smoke", "--runs", at);
    expect(told.exitCode, told.all).toBe(0);
    return told.stdout;
  };
  /** Rows of the table on the terminal, cell by cell. */
  const rowsOf = (text: string): readonly (readonly string[])[] =>
    text
      .slice(0, text.indexOf("Training curves"))
      .split("\n")
      .map((line) => line.split(/ {2,}/))
      .filter((cells) => cells.length === 5 && cells[0] !== "Method");

  it(
    "is interrupted in the midst of SFT, killed later there, and goes on to the end; nothing done runs again",
    async () => {
      const first = launch();
      await until("step 30 of SFT", isPast(30), 25 * minute);
      first.kill("SIGINT");
      const interrupted = await first;
      expect(interrupted.exitCode, interrupted.all).toBe(130);
      const before = done();
      expect([...before.keys()].map((id) => id.slice(0, -9)).sort()).toEqual([
        ...["smoke-eval-baseline", "smoke-eval-zero-rl", "smoke-infer-baseline"],
        ...["smoke-infer-zero-rl", "smoke-zero-rl"],
      ]);
      expect(recordOf(runOf("sft"))).toMatchObject({ state: "interrupted" });
      expect(survivors(recordOf(runOf("sft")).token)).toEqual([]);
      const half = rowsOf(await report());
      expect(half.map((cells) => cells.includes("not run"))).toEqual([false, false, true, true]);

      const second = launch();
      await until("step 60 of SFT", isPast(60), 10 * minute);
      second.kill("SIGKILL");
      await second;
      const { token } = recordOf(runOf("sft"));
      await until("nothing of it lives", () => survivors(token).length === 0, 2 * minute);

      const third = await launch();
      expect(third.exitCode, third.all).toBe(0);
      expect(third.stderr).toContain(`${count} runs: 5 done before, 8 now`);
      const after = done();
      expect(after.size).toBe(count);
      for (const [id, text] of before) expect(after.get(id), id).toBe(text);
      expect(rowsOf(await report()).slice(0, 2)).toEqual(half.slice(0, 2));
      const tokens = [...after.values()].map((text) => (JSON.parse(text) as Recorded).token);
      expect(tokens.flatMap(survivors)).toEqual([]);
    },
    50 * minute,
  );

  it("went on from checkpoints, trained against a live sampler, and asked and judged", () => {
    const steps = stepsOf("sft");
    expect(steps.at(-1)).toBe(100);
    expect(steps.filter((step) => step === 1)).toHaveLength(1);
    expect(existsSync(join(runOf("sft"), "checkpoints/final/config.json"))).toBe(true);
    for (const name of ["zero-rl", "sft-rl"]) {
      const run = runOf(name);
      expect(stepsOf(name)).toEqual([1, 2]);
      const integrity = readJson<{ steps: readonly unknown[] }>(run, "train", "integrity.json");
      expect(integrity.steps.length).toBeGreaterThan(0);
      const { samplers } = readJson<{ samplers: readonly unknown[] }>(run, "endpoints.json");
      expect(samplers).toHaveLength(1);
      expect(readLines(run, "rewards.jsonl").length).toBeGreaterThan(0);
    }
    const models = ["baseline", "zero-rl", "sft", "sft-rl"];
    const asked = models.flatMap((name) => runsOf(`infer-${name}`));
    const judged = models.flatMap((name) => runsOf(`eval-${name}`));
    expect([asked.length, judged.length]).toEqual([5, 5]);
    for (const run of asked) expect(readLines(run, "predictions.jsonl")).toHaveLength(32);
    for (const run of judged)
      expect(readJson(run, "metrics.json")).toMatchObject({ compat: "strict", images: 32 });
  });

  it(
    "prints table and curves in every form",
    async () => {
      const out = join(folder, "report");
      const told = await r1sgg("report", study, "--runs", runs, "--out", out);
      expect(told.exitCode, told.all).toBe(0);
      const forms = ["csv", "json", "md", "tex"];
      expect(readdirSync(out).sort()).toEqual([
        "index.html",
        ...[...forms, "png", "svg", "vl.json"].map((form) => `smoke-curves.${form}`).sort(),
        ...forms.map((form) => `smoke-table.${form}`),
      ]);
      const rows = rowsOf(told.stdout);
      expect(rows.map(([method]) => method)).toEqual(["baseline", "zero-RL", "SFT", "SFT+RL"]);
      const measured = expect.stringMatching(/^\d+\.\d\d( \([-+]?\d+\.\d\d\))?$/);
      for (const [, ...cells] of rows) expect(cells).toEqual(Array(4).fill(measured));
      const failures = rows.map(([, failure]) => Number.parseFloat(failure!));
      expect(failures[2]).toBeLessThan(failures[0]!); // a table whose rows do not differ would prove little
      const read = (file: string) => readFileSync(join(out, file), "utf8");
      expect(read("smoke-table.md")).toContain("| SFT+RL |");
      expect(read("smoke-table.tex")).toContain("SFT+RL & ");
      expect(read("index.html")).toContain("nothing about R1-SGG");
      const points = read("smoke-curves.csv")
        .split("\r\n")
        .filter((line) => line.includes('"R@50, %"'));
      expect(points.map((line) => line.split(",").slice(3, 5).join(" at "))).toEqual([
        ...["SFT at 0", "SFT at 50", "SFT at 100", "zero-RL at 0", "zero-RL at 2"],
        ...["SFT+RL at 0", "SFT+RL at 2"],
      ]);
    },
    2 * minute,
  );

  it(
    "runs nothing the second time, and says so",
    async () => {
      const files = treeOf(runs);
      const again = await launch();
      expect(again.exitCode, again.all).toBe(0);
      expect(again.stderr).toContain(`${count} runs: ${count} done before, 0 now`);
      expect(again.stderr.match(/is done already/g)).toHaveLength(count);
      expect(treeOf(runs)).toEqual(files);
    },
    3 * minute,
  );

  it(
    "has the table of a study that nothing disturbed",
    async () => {
      const calm = join(folder, "calm");
      cpSync(runs, calm, { recursive: true, verbatimSymlinks: true });
      // What was disturbed, and what is measured of it; the model of step 100 came of it as well.
      const last = runsOf("infer-sft").filter(
        (run) => !readText(run, "recipe.yaml").includes("checkpoint"),
      );
      const judged = runsOf("eval-sft").filter((run) =>
        readlinkSync(join(run, "inputs/predictions.jsonl")).includes(basename(last[0]!)),
      );
      for (const run of [...runsOf("sft"), ...last, ...judged])
        rmSync(join(calm, basename(run)), { recursive: true });
      const ended = await launch(calm);
      expect(ended.exitCode, ended.all).toBe(0);
      expect(ended.stderr).toContain(`${count} runs: ${count - 3} done before, 3 now`);
      expect(await report(calm)).toBe(await report());
    },
    30 * minute,
  );

  it(
    "asks the model of SFT the four-way questions, and sets the scores beside the paper's",
    async () => {
      const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
      const from = (path: string) => JSON.stringify(shipped(`recipes/smoke/${path}`));
      const rows = "data: { eval: { synth: { count: 2, seed: 2 } } }";
      write(
        "vqa.yaml",
        `extends: ${from("vqa.yaml")}\nmodel: { from: ${from("study/sft.yaml")} }\n${rows}\n`,
      );
      write("table2.yaml", table2);
      const asked = await r1sgg("launch", join(folder, "vqa.yaml"), "--runs", runs, "--gpus", "0");
      expect(asked.exitCode, asked.all).toBe(0);
      const run = join(runs, asked.stdout.trim());
      const { settings } = readJson<{ settings: readonly VqaRow[] }>(run, "metrics.json");
      expect(settings.map(({ setting }) => setting)).toEqual(all.map(({ name }) => name));
      for (const { questions, kinds } of settings) {
        expect(questions).toBeGreaterThan(0);
        expect(kinds).not.toHaveProperty("unanswered");
      }
      const out = join(folder, "questions");
      const told = await r1sgg("report", join(folder, "table2.yaml"), "--runs", runs, "--out", out);
      expect(told.exitCode, told.all).toBe(0);
      const csv = readFileSync(join(out, "small-table2.csv"), "utf8");
      for (const { acc } of settings) expect(csv).toContain(String(acc));
    },
    20 * minute,
  );
});

const readText = (...path: readonly string[]): string => readFileSync(join(...path), "utf8");

/** Every file below a folder with the time of its last change. */
const treeOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`)
    .sort();
