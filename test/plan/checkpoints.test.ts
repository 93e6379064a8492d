import { describe, expect, it } from "vitest";
import { checkpointRuns } from "../../src/plan/checkpoints.ts";
import { toInputs } from "../../src/plan/inputs.ts";
import { recipeHash } from "../../src/plan/recipe-hash.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { shipped } from "../../src/root.ts";

const load = (name: string) => loadRun(shipped(`recipes/paper/${name}.yaml`));

describe("checkpointRuns", () => {
  it("asks each of the models, the recipe's own among them", async () => {
    const run = await load("infer/r1-sgg-2b-vg150-open-on-vg150");
    const runs = checkpointRuns(run, [100, 1700, null]);
    const files = runs.map((one) => toInputs(one)["inputs/model"]);
    expect(files).toMatchObject([
      { file: "checkpoints/model-100" },
      { file: "checkpoints/model-1700" },
      { file: "checkpoints/final" },
    ]);
    expect(new Set(runs.map(recipeHash)).size).toBe(3);
    expect(recipeHash(runs[2]!)).toBe(recipeHash(run));
  });

  it("judges the answers of each of them", async () => {
    const judged = await load("eval/r1-sgg-2b-vg150-open-on-vg150");
    const asked = await load("infer/r1-sgg-2b-vg150-open-on-vg150");
    const [first] = checkpointRuns(judged, [200]);
    expect(recipeHash(first!.upstream!)).toBe(recipeHash(checkpointRuns(asked, [200])[0]!));
  });

  it.each([
    ["r1-sgg/2b-vg150-open", [100], "it asks no model of a training, expected"],
    ["infer/baseline-2b-open-on-vg150", [100], "it asks no model of a training, expected"],
    [
      "infer/r1-sgg-2b-vg150-open-on-vg150",
      [130],
      '"r1-sgg-2b-vg150-open" keeps none at step 130, one every 100, expected 100 or 200',
    ],
  ] as const)("refuses %s at %j", async (name, steps, words) => {
    const run = await load(name);
    expect(() => checkpointRuns(run, steps)).toThrow(words);
    expect(() => checkpointRuns(run, steps)).toThrow(/^Cannot plan checkpoints of "/);
  });
});
