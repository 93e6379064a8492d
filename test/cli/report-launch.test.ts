import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerOf } from "../../src/data/answer.ts";
import { loadDataset } from "../../src/data/load.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { r1sgg } from "../e2e/smoke-process.ts";

/** An evaluation that is truly launched, and a study that reads its run. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "r1sgg-study-"));
  const scenes = join(folder, "scenes");
  await synthesize({ count: 4, seed: 5, out: scenes });
  const lines = (await loadDataset(scenes)).map((row) =>
    JSON.stringify({
      ...{ image_id: row.image_id, response: answerOf(row, "none"), box_scale: [1000, 1000] },
    }),
  );
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("predictions.jsonl", `${lines.join("\n")}\n`);
  write(
    "judge.yaml",
    `name: judge
stage: eval
predictions: { path: predictions.jsonl }
data: { eval: { path: scenes, rows: 4 }, classes: vg150 }
eval: { compat: [strict, release], bootstrap: 0 }
`,
  );
  write(
    "study.yaml",
    `kind: table
name: mine
title: Mine
paper: table4
reads: { failure_rate: failure_rate, ap50: ap50, recall: recall.20, mean_recall: mean_recall.20 }
fills: [{ row: hard, run: judge.yaml }]
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = () => ["--runs", join(folder, "runs")];
const launch = (...set: readonly string[]) =>
  r1sgg("launch", join(folder, "judge.yaml"), ...runs(), ...set);
const report = async () =>
  JSON.parse((await r1sgg("report", join(folder, "study.yaml"), ...runs(), "--json")).stdout);

it("watches until it is stopped, and shows what is new", async () => {
  const dir = join(folder, "watched");
  const watching = r1sgg("report", join(folder, "study.yaml"), "--runs", dir, "--watch", "0.1");
  let said = "";
  const next = (text: string) =>
    new Promise<void>((resolve) => {
      const hear = () => said.split(text).length > 1 && resolve();
      watching.stdout!.on("data", hear);
      hear();
    });
  watching.stdout!.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await next("not run");
  await r1sgg("launch", join(folder, "judge.yaml"), "--runs", dir);
  await next("100.00 [+76.25]");
  watching.kill("SIGINT");
  const { exitCode, stderr } = await watching;
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(said.split("not run").length - 1).toBe(4); // shown once, not at every look
});

it("finds what was launched, by its recipe, and says when a recipe was changed", async () => {
  const first = await launch();
  expect(first.exitCode, first.all).toBe(0);
  const before = await report();
  expect(before.runs).toMatchObject([
    { id: first.stdout.trim(), changed: false, facts: { code: expect.stringContaining("r1sgg") } },
  ]);
  const [row] = before.rows;
  expect(row.lines[0].cells[0]).toMatchObject({ verdict: "reproduced", measured: { mean: 0 } });
  expect(row.lines[0].cells[2].measured.mean).toBe(100);

  const second = await launch("--set", "eval.bootstrap=10");
  const after = await report();
  expect(after.runs).toMatchObject([{ id: second.stdout.trim(), changed: true }]);
});
