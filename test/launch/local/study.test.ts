import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerOf } from "../../../src/data/answer.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { synthesize } from "../../../src/data/synthesize.ts";
import { r1sgg } from "../../e2e/smoke-process.ts";

/** Evaluations alone: they need no model, no GPU and no Python. */
let folder: string;
let study: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "r1sgg-study-"));
  await synthesize({ count: 3, seed: 5, out: join(folder, "scenes") });
  const rows = await loadDataset(join(folder, "scenes"));
  const lines = rows.map((row) => {
    const response = answerOf(row, "none");
    return `${JSON.stringify({ image_id: row.image_id, response, box_scale: [1000, 1000] })}\n`;
  });
  writeFileSync(join(folder, "good.jsonl"), lines.join(""));
  const recipe = (name: string, predictions: string, seed = 0) =>
    writeFileSync(
      join(folder, `${name}.yaml`),
      `name: ${name}\nstage: eval\nseed: ${seed}\npredictions: { path: ${predictions} }\ndata: { eval: { path: scenes } }\neval: { compat: [strict], bootstrap: 0 }\n`,
    );
  recipe("good", "good.jsonl");
  recipe("missing", "missing.jsonl");
  recipe("other", "good.jsonl", 1);
  study = join(folder, "study.yaml");
  writeFileSync(
    study,
    `kind: table
name: two
title: Two of a table
paper: table1
reads: { failure_rate: failure_rate, ap50: ap50, recall: recall.20, mean_recall: mean_recall.20 }
fills:
  - { row: baseline-2b, run: missing.yaml }
  - { row: sft-2b, run: good.yaml }
  - { row: sft-7b, run: good.yaml }
  - { row: baseline-7b, run: other.yaml }
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const launch = (...args: readonly string[]) =>
  r1sgg("launch", study, "--runs", join(folder, "runs"), ...args);

it("draws the runs of a study on a dry run, each once, and starts none", async () => {
  const dry = await launch("--dry-run");
  expect(dry.exitCode, dry.all).toBe(0);
  expect(dry.stdout).toContain("3 runs");
  expect(readdirSync(folder)).not.toContain("runs");
});

it("runs only what is asked for, and nothing again that is done", async () => {
  const first = await launch("--only", "good");
  expect(first.exitCode, first.all).toBe(0);
  expect(first.stdout.trim()).toMatch(/^good-[0-9a-f]{8}$/);
  const again = await launch("--only", "good,other");
  expect(again.exitCode, again.all).toBe(0);
  expect(again.stderr).toContain("is done already");
  expect(again.stderr).toContain("2 runs: 1 done before, 1 now");
  expect(again.stdout.trim().split("\n")).toHaveLength(2);
  const unknown = await launch("--only", "nobody");
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('Cannot launch only "nobody": no such recipe in the study'),
  ]);
});

it("goes on beside a run that fails, and says so at the end", async () => {
  const all = await launch();
  expect(all.stdout.trim().split("\n")).toHaveLength(2); // good and other
  expect(all.stderr).toMatch(
    /Cannot finish ".*study.yaml": 1 of 3 runs failed or were left out, the first "missing-[0-9a-f]{8}", expected none; the same command goes on/,
  );
  expect(all.exitCode).not.toBe(0);
  const set = await launch("--set", "seed=3");
  expect([set.exitCode, set.stderr]).toEqual([2, expect.stringContaining("with --set")]);
});
