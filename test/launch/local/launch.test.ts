import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerOf } from "../../../src/data/answer.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { synthesize } from "../../../src/data/synthesize.ts";
import type { RunPlan } from "../../../src/plan/run-plan.ts";
import { r1sgg, readJson } from "../../e2e/smoke-process.ts";

/** An evaluation needs no model, no GPU and no Python: the whole path of a launch, in seconds. */
let folder: string;
let recipe: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "r1sgg launch "));
  const scenes = join(folder, "scenes");
  await synthesize({ count: 4, seed: 5, out: scenes });
  const rows = await loadDataset(scenes);
  const lines = rows.slice(0, 3).map((row) =>
    JSON.stringify({
      image_id: row.image_id,
      response: answerOf(row, "none"),
      box_scale: [1000, 1000],
    }),
  );
  writeFileSync(join(folder, "predictions.jsonl"), `${lines.join("\n")}\n`);
  recipe = join(folder, "judge.yaml");
  writeFileSync(
    recipe,
    "name: judge\nstage: eval\npredictions: { path: predictions.jsonl }\ndata: { eval: { path: scenes, rows: 4, first: 3 } }\neval: { compat: [strict], bootstrap: 0 }\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const launch = (...args: readonly string[]) =>
  r1sgg("launch", recipe, "--runs", join(folder, "runs"), ...args);

it("runs a plan's roles, prints the run's id, and does nothing when it is done", async () => {
  const first = await launch();
  expect(first.exitCode, first.all).toBe(0);
  const id = first.stdout.trim();
  const run = join(folder, "runs", id);
  expect(id).toMatch(/^judge-[0-9a-f]{8}$/);
  expect(readJson(run, "metrics.json")).toMatchObject({
    images: 3,
    failed: 0,
    recall: { "100": 100 },
  });
  expect(readJson<RunPlan>(run, "plan.json").id).toBe(id);
  expect(readJson<{ state: string }>(run, "record.json").state).toBe("done");
  const status = await r1sgg("status", id, "--runs", join(folder, "runs"));
  expect(status.stdout).toContain("done");
  const events = readFileSync(join(run, "events.jsonl"), "utf8");
  const second = await launch();
  expect([second.exitCode, second.stdout.trim()]).toEqual([0, id]);
  expect(second.stderr).toContain("is done already");
  expect(readFileSync(join(run, "events.jsonl"), "utf8")).toBe(events);
});

it("starts nothing on a dry run", async () => {
  const { stdout } = await launch("--dry-run", "--set", "seed=3");
  const { id } = JSON.parse(stdout) as RunPlan;
  const status = await r1sgg("status", id, "--runs", join(folder, "runs"));
  expect(status.exitCode).toBe(2);
});

it("refuses rows that are not as many as the recipe states", async () => {
  const { exitCode, stderr } = await launch("--set", "data.eval.rows=5");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("4 rows, expected 5 as the recipe states");
});

it("refuses the folder of another plan", async () => {
  const { stdout } = await launch("--dry-run", "--set", "seed=4");
  const run = join(folder, "runs", (JSON.parse(stdout) as RunPlan).id);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, "plan.json"), JSON.stringify({ id: "other", hash: "x" }));
  const { exitCode, stderr } = await launch("--set", "seed=4");
  expect(exitCode).toBe(2);
  expect(stderr).toContain('it holds the run "other", expected a folder of its own');
});

it("says which recipe has to run first", async () => {
  const { exitCode, stderr } = await r1sgg(
    ...["launch", "recipes/smoke/eval.yaml", "--runs", join(folder, "none")],
  );
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(
    /Cannot find "predictions\.jsonl" of recipe "small-infer": no run of it in .*, expected a finished one/,
  );
});
