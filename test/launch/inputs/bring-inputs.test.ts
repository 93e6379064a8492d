import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { loadDataset } from "../../../src/data/load.ts";
import { type Bringing, bringInputs } from "../../../src/launch/inputs/bring-inputs.ts";
import type { RunInput } from "../../../src/plan/run-input.ts";
import type { RunPlan } from "../../../src/plan/run-plan.ts";
import { readLines } from "../../e2e/smoke-process.ts";

let runsDir: string;
let runDir: string;
beforeEach(() => {
  runsDir = realpathSync(mkdtempSync(join(tmpdir(), "r1sgg inputs ")));
  runDir = join(runsDir, "this");
  mkdirSync(runDir);
  onTestFinished(() => rmSync(runsDir, { recursive: true, force: true }));
});

const bring = (inputs: Readonly<Record<string, RunInput>>) => {
  const tell: Bringing["tell"] = { update: () => {}, end: () => {}, say: () => {} };
  const runTool = () => Promise.reject(new Error("no program is needed"));
  const { signal } = new AbortController();
  const image = { min_pixels: 3136, max_pixels: 401_408 };
  const plan = { inputs, family: "qwen2-vl", image };
  return bringInputs(plan, { runDir, runsDir, runTool, tell, signal });
};

const drawn = (
  count: number,
  rest: Partial<Extract<RunInput, { kind: "rows" }>> = {},
): RunInput => ({
  ...{ kind: "rows", format: "rows", from: { synth: { count, seed: 3 } } },
  ...{ prompt: null, classes: null, seed: 0, ...rest },
});

it("writes rows that the client reads, images where they are", async () => {
  await bring({ "inputs/rows": drawn(3) });
  const rows = await loadDataset(join(runDir, "inputs/rows"));
  expect(rows).toHaveLength(3);
  for (const { image_path } of rows) expect(readFileSync(image_path!).length).toBeGreaterThan(0);
});

it("takes a part of a file's rows", async () => {
  await bring({ "inputs/rows": drawn(5) });
  const path = join(runDir, "inputs/rows");
  const from = { path, rows: 5, skip: 1, first: 2 };
  await bring({ "inputs/some": drawn(0, { from }) });
  const ids = async (folder: string) =>
    (await loadDataset(join(runDir, folder))).map(({ image_id }) => image_id);
  expect(await ids("inputs/some")).toEqual((await ids("inputs/rows")).slice(1, 3));
});

it("writes rows to train on, asked with the recipe's prompts", async () => {
  const prompt = { user: "closed", system: "system-short", think: "none", task: "sgg" } as const;
  await bring({ "inputs/train": drawn(2, { format: "grpo", prompt, classes: "vg150" }) });
  const [first] = readLines<{ prompt: readonly { content: string }[] }>(
    ...[runDir, "inputs/train/grpo.jsonl"],
  );
  expect(first?.prompt[0]?.content).toContain("helpful");
  expect(first?.prompt[1]?.content).toContain('"airplane"');
  expect(readLines(runDir, "inputs/train/sft.jsonl")).toHaveLength(2);
});

it("makes questions of the rows, whatever the order", async () => {
  const questions = { kind: "questions", rows: "inputs/rows", classes: "vg150" } as const;
  await bring({
    "inputs/questions": { ...questions, seed: 1, limit: 2, images: false },
    "inputs/rows": drawn(4),
  });
  const asked = readLines<{ image_id: string }>(runDir, "inputs/questions/questions.jsonl");
  expect(new Set(asked.map(({ image_id }) => image_id)).size).toBe(2);
});

it("keeps what is there, so that a run goes on with what it began with", async () => {
  await bring({ "inputs/rows": drawn(2) });
  await bring({ "inputs/rows": drawn(9) });
  expect(await loadDataset(join(runDir, "inputs/rows"))).toHaveLength(2);
});

it("links a path, and names one that is not there", async () => {
  writeFileSync(join(runsDir, "p.jsonl"), "x\n");
  await bring({ "inputs/predictions.jsonl": { kind: "path", path: join(runsDir, "p.jsonl") } });
  expect(readFileSync(join(runDir, "inputs/predictions.jsonl"), "utf8")).toBe("x\n");
  await expect(bring({ "inputs/model": { kind: "path", path: "/none/at/all" } })).rejects.toThrow(
    'Cannot use "/none/at/all": no such file or folder, expected one',
  );
});

it("refuses rows that are not as many as stated, and leaves nothing that looks whole", async () => {
  await bring({ "inputs/rows": drawn(3) });
  const from = { path: join(runDir, "inputs/rows"), rows: 4 };
  await expect(bring({ "inputs/more": drawn(0, { from }) })).rejects.toThrow(
    /3 rows, expected 4 as the recipe states/,
  );
  await expect(loadDataset(join(runDir, "inputs/more"))).rejects.toThrow();
});

const upstream = {
  kind: "run",
  name: "sft",
  recipeHash: "abc",
  file: "checkpoints/final",
} as const;

/** A run's folder as a launch leaves it. */
function earlier(id: string, state: string, startedAt: string, made = true): string {
  const folder = join(runsDir, id);
  mkdirSync(join(folder, made ? "checkpoints/final" : "checkpoints"), { recursive: true });
  const plan: Partial<RunPlan> = { id, recipeHash: "abc" };
  writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
  const cli = { pid: 1, start: "" };
  const record = {
    ...{ runId: id, state, cli, machine: "m", graceMs: 1, startedAt, roles: [] },
    token: "9e4212d2-6c48-45d7-8626-ce8b00000000",
  };
  writeFileSync(join(folder, "record.json"), JSON.stringify(record));
  return folder;
}

it("takes the checkpoint of the newest finished run of a recipe", async () => {
  earlier("old", "done", "2026-01-01T00:00:00Z");
  const newest = earlier("new", "done", "2026-01-02T00:00:00Z");
  earlier("failed", "failed", "2026-01-03T00:00:00Z");
  await bring({ "inputs/model": upstream });
  expect(realpathSync(join(runDir, "inputs/model"))).toBe(join(newest, "checkpoints/final"));
});

it.each([
  ["failed", true, /run is failed, expected a finished one/],
  ["done", false, /run is done without checkpoints\/final/],
] as const)("says why a run that is %s cannot be started from", async (state, made, message) => {
  earlier("run", state, "2026-01-01T00:00:00Z", made);
  await expect(bring({ "inputs/model": upstream })).rejects.toThrow(message);
});
