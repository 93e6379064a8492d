import { describe, expect, it } from "vitest";
import { waitOf } from "../../../src/launch/slurm/launch-array.ts";
import { readScriptParts } from "../../../src/launch/slurm/script-parts.ts";
import { canBeArray, renderArray } from "../../../src/plan/slurm/array.ts";
import { grpoPlan, planOf, profileOf, roleOf } from "../../helpers/slurm-plans.ts";
import { checkpointArray } from "../../helpers/slurm-renders.ts";

describe("a job array", () => {
  it("of the models that a training of the paper keeps is rendered as reviewed", async () => {
    await expect(await checkpointArray()).toMatchFileSnapshot("golden/array.generic-a100.4.txt");
  });

  it("is not made of runs that ask for different things, nor of one, nor of heterogeneous jobs", async () => {
    const [small, large] = [planOf([roleOf("a")]), grpoPlan(4)];
    const apart = profileOf({ slurm: { time_limit: "01:00:00", heterogeneous: true } });
    expect(canBeArray([small, small], profileOf())).toBe(true);
    expect(canBeArray([small], profileOf())).toBe(false);
    expect(canBeArray([small, large], profileOf())).toBe(false);
    expect(canBeArray([large, large], apart)).toBe(false);
    const { array } = await readScriptParts();
    expect(() => renderArray([small, large], profileOf(), array)).toThrow(
      /^Cannot make a job array/,
    );
  });

  it.each([
    ["nobody", [[], []], { after: [] }],
    ["one job", [["7"], ["7"]], { after: ["7"] }],
    ["the same task of another array", [["7_0"], ["7_1"]], { afterTasksOf: "7" }],
    ["tasks in another order", [["7_1"], ["7_0"]], { after: ["7_1", "7_0"] }],
    ["jobs of their own", [["7"], ["8"]], { after: ["7", "8"] }],
    ["jobs of some", [["7_0"], []], { after: ["7_0"] }],
  ])("waits for %s", (_, after, expected) => {
    expect(waitOf(after.map((jobs) => ({ after: jobs })))).toEqual(expected);
  });
});
