import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { settings as all } from "../../src/core/vqa/setting.ts";
import type { VqaRow } from "../../src/report/vqa-text.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { type Recorded, r1sgg, readJson, readLines, survivors, until } from "./smoke-process.ts";

const minute = 60_000;

/** The recipes of recipes/smoke with fewer steps, each starting from what the one before it made. */
const recipes = {
  sft: "sft: { steps: 40, checkpoints: { every_steps: 10 } }",
  grpo: "model: { from: sft.yaml }\ngrpo: { steps: 2 }",
  infer: "model: { from: grpo.yaml }\ndata: { eval: { synth: { count: 4, seed: 2 } } }",
  eval: "predictions: { from: infer.yaml }\ndata: { eval: { synth: { count: 4, seed: 2 } } }",
  vqa: "model: { from: sft.yaml }\ndata: { eval: { synth: { count: 2, seed: 2 } } }",
};

/** v1's Table 2, with the small run in the place of Qwen2-VL 7B. */
const study = `kind: table
name: small-table2
paper: v1-table2
title: Four-way questions in small
reads: { acc: "settings.{row}.acc", macc: "settings.{row}.macc" }
fills: [{ part: qwen2-vl-7b, run: vqa.yaml }]
`;

requires("python").describe("r1sgg launch, five recipes in a chain", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg chain "));
    mkdirSync(join(folder, "runs"));
    for (const [name, text] of Object.entries(recipes)) {
      const base = JSON.stringify(shipped(`recipes/smoke/${name}.yaml`));
      writeFileSync(join(folder, `${name}.yaml`), `extends: ${base}\n${text}\n`);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const launch = (name: string) =>
    r1sgg("launch", join(folder, `${name}.yaml`), "--runs", join(folder, "runs"), "--gpus", "0");
  const runOf = (name: string): string =>
    join(folder, "runs", readdirSync(join(folder, "runs")).find((run) => run.startsWith(name))!);
  const stepsOf = (run: string): readonly number[] =>
    readLines<{ step?: number }>(run, "progress", "trainer.jsonl").flatMap(
      ({ step }) => step ?? [],
    );
  const isDone = async (name: string): Promise<string> => {
    const ended = await launch(name);
    expect(ended.exitCode, ended.all).toBe(0);
    const run = join(folder, "runs", ended.stdout.trim());
    const { state, token } = readJson<Recorded>(run, "record.json");
    expect([state, survivors(token)]).toEqual(["done", []]);
    return run;
  };

  it(
    "trains, is interrupted, and goes on from its checkpoint",
    async () => {
      const first = launch("sft");
      const begun = () => readdirSync(join(folder, "runs")).length > 0;
      await until("the run has a folder", begun, 5 * minute);
      const run = runOf("small-sft");
      const late = () => existsSync(join(run, "progress")) && Math.max(0, ...stepsOf(run)) >= 12;
      await until("step 12", late, 10 * minute);
      first.kill("SIGINT");
      expect((await first).exitCode).toBe(130);
      expect(await isDone("sft")).toBe(run);
      const steps = stepsOf(run);
      expect(steps.at(-1)).toBe(40);
      expect(existsSync(join(run, "checkpoints/final/config.json"))).toBe(true);
      expect(steps.filter((step) => step === 1)).toHaveLength(1);
    },
    25 * minute,
  );

  it(
    "improves that model against a live sampler and the endpoint",
    async () => {
      const run = await isDone("grpo");
      expect(stepsOf(run)).toEqual([1, 2]);
      const { steps } = readJson<{ steps: readonly unknown[] }>(run, "train", "integrity.json");
      expect(steps.length).toBeGreaterThan(0);
      const { samplers } = readJson<{ samplers: readonly unknown[] }>(run, "endpoints.json");
      expect(samplers).toHaveLength(1);
      expect(readLines(run, "rewards.jsonl").length).toBeGreaterThan(0);
    },
    20 * minute,
  );

  it(
    "asks it about other scenes, and judges the answers",
    async () => {
      const asked = await isDone("infer");
      expect(readLines(asked, "predictions.jsonl")).toHaveLength(4);
      const judged = await isDone("eval");
      expect(readJson(judged, "metrics.json")).toMatchObject({ compat: "strict", images: 4 });
    },
    20 * minute,
  );

  it(
    "asks the first of them the four-way questions, and sets the scores beside the paper's",
    async () => {
      const run = await isDone("vqa");
      const { settings } = readJson<{ settings: readonly VqaRow[] }>(run, "metrics.json");
      expect(settings.map(({ setting }) => setting)).toEqual(all.map(({ name }) => name));
      for (const { questions, kinds } of settings) {
        expect(questions).toBeGreaterThan(0);
        expect(kinds).not.toHaveProperty("unanswered");
      }
      const file = join(folder, "small-table2.yaml");
      writeFileSync(file, study);
      const out = join(folder, "report");
      const told = await r1sgg("report", file, "--runs", join(folder, "runs"), "--out", out);
      expect(told.exitCode, told.all).toBe(0);
      const csv = readFileSync(join(out, "small-table2.csv"), "utf8");
      for (const { acc } of settings) expect(csv).toContain(String(acc));
    },
    20 * minute,
  );
});
