import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteFile } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkRewards } from "../../src/launch/reward-check.ts";

const names = ["format_reward", "edge_hard_reward"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-reward-check-"));
  await mkdir(join(folder, "completions"));
});
afterEach(() => rm(folder, { recursive: true }));

type Row = readonly [id: string, index: number, format: number | null, edge: number | null];

/** One step as TRL logs it: rewards are float32, a missing one is null. */
const logStep = (step: number, rows: readonly Row[]) =>
  parquetWriteFile({
    filename: join(folder, "completions", `completions_0000${step}.parquet`),
    columnData: [
      { name: "step", data: rows.map(() => step), type: "INT32" },
      { name: "request_id", data: rows.map(([id]) => id), type: "STRING" },
      { name: "request_index", data: rows.map(([, index]) => index), type: "INT32" },
      { name: names[0]!, data: rows.map((row) => row[2]), type: "FLOAT" },
      { name: names[1]!, data: rows.map((row) => row[3]), type: "FLOAT" },
    ],
  });

const answer = (id: string, format: readonly number[], edge: readonly number[]) =>
  JSON.stringify({ request_id: id, rewards: { format_reward: format, edge_hard_reward: edge } });

const answered = (...lines: readonly string[]) =>
  writeFile(join(folder, "rewards.jsonl"), `${lines.join("\n")}\n`);

const givenUp = (rank: number, ...ids: readonly string[]) =>
  writeFile(
    join(folder, `unscored-${rank}.json`),
    JSON.stringify({ failures: ids.map((request_id) => ({ request_id })) }),
  );

describe("checkRewards()", () => {
  it("compares the float32 that TRL keeps with the answer", async () => {
    await answered(answer("a", [1, 0], [0.1, 5]), answer("b", [1, 1], [5, 5]));
    await logStep(1, [
      ["a", 0, 1, 0.1],
      ["a", 1, 0, 5],
    ]);
    await logStep(2, [["b", 1, 1, 5]]);
    expect(await checkRewards(folder, names)).toEqual({
      completions: 3,
      unscored: 0,
      requests: 2,
      steps: 2,
      steps_with_variance: 1,
    });
  });

  it("counts apart what the worker gave up, also where an answer came too late", async () => {
    await answered(answer("a", [1], [5]), answer("late", [1], [5]));
    await givenUp(0, "late");
    await givenUp(1, "lost");
    await logStep(1, [
      ["a", 0, 1, 5],
      ["late", 0, null, null],
    ]);
    await logStep(2, [["lost", 0, null, null]]);
    expect(await checkRewards(folder, names)).toEqual({
      completions: 1,
      unscored: 2,
      requests: 3,
      steps: 2,
      steps_with_variance: 0,
    });
  });

  it("refuses a reward that the endpoint did not answer", async () => {
    await answered(answer("a", [1], [5]));
    await logStep(1, [["a", 0, 1, 4]]);
    await expect(checkRewards(folder, names)).rejects.toThrow(
      'Cannot trust the rewards of request "a" completion 0: TRL logged edge_hard_reward 4, expected the endpoint\'s answer 5',
    );
  });

  it("refuses a missing reward of a request that was not given up", async () => {
    await answered(answer("a", [1], [5]));
    await givenUp(0, "b");
    await logStep(1, [["a", 0, null, null]]);
    await expect(checkRewards(folder, names)).rejects.toThrow("TRL logged format_reward null");
  });

  it("refuses a completion of which only some rewards are missing", async () => {
    await answered();
    await givenUp(0, "a");
    await logStep(1, [["a", 0, null, 0]]);
    await expect(checkRewards(folder, names)).rejects.toThrow("TRL logged format_reward null");
  });
});
