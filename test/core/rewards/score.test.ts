import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tasks } from "../../../src/core/rewards/reward.ts";
import { scoreCompletion } from "../../../src/core/rewards/score.ts";
import { awkwardText, damagedCompletion, target } from "../../helpers/arbitraries.ts";

const empty = { image_id: "1", width: 10, height: 10, objects: [], relationships: [] };

describe("scoreCompletion", () => {
  it("gives every reward asked for, in that order, and refuses one that the profile lacks", () => {
    const names = ["edge_hard_reward", "format_reward"];
    expect(Object.keys(scoreCompletion("{}", empty, { rewards: names }).rewards)).toEqual(names);
    expect(() => scoreCompletion("{}", empty, { rewards: ["toString"] })).toThrow(
      'profile "release" has no reward "toString", expected one of format_reward, node_acc_reward, ',
    );
  });

  it.each([
    ["sgg", "{}", { parsed: false, reason: "objects: missing, expected a list" }],
    ["sgg", '{"objects":[]}', { parsed: true, reason: "relationships: missing, expected a list" }],
    ["det", '{"objects":[]}', { parsed: true }],
    ["cls", '{"objects":[]}', { parsed: false, reason: "relationships: missing, expected a list" }],
    ["cls", '{"relationships":[]}', { parsed: true }],
    ["sgg", '{"objects":[],"relationships":[]}', { parsed: true }],
    [
      "sgg",
      `{"objects":[{"id":"a","bbox":[0,0,1,1${"0".repeat(400)}]}],"relationships":[]}`,
      { parsed: true, reason: "objects[0].bbox: an integer beyond the range of float64" },
    ],
    [
      "sgg",
      '{"objects":[{"id":1,"bbox":[0,0,1,1]}],"relationships":[]}',
      { parsed: true, reason: "objects[0].id: a number, expected text" },
    ],
    [
      "sgg",
      '{"objects":[{"id":1,"bbox":[0,0,1,1]},{"id":"a"}],"relationships":[]}',
      { parsed: false, reason: "objects[1].bbox: missing, expected a list" },
    ],
    [
      "sgg",
      '{"objects":[',
      { parsed: false, reason: "the answer is not JSON: it ends too early (character 13)" },
    ],
  ] as const)("tells for %s and %s how it was read", (task, completion, outcome) => {
    expect(scoreCompletion(completion, empty, { task }).outcome).toEqual(outcome);
  });

  it("gives finite rewards to everything, and only zeros where nothing was parsed", () => {
    const completion = fc.oneof(awkwardText(), damagedCompletion(), damagedCompletion());
    fc.assert(
      fc.property(completion, target(), fc.constantFrom(...tasks), (text, graph, task) => {
        const { rewards, outcome } = scoreCompletion(text, graph, { task });
        expect(Object.values(rewards).every(Number.isFinite)).toBe(true);
        if (!outcome.parsed) expect(new Set(Object.values(rewards))).toEqual(new Set([0]));
      }),
      { numRuns: 2000 },
    );
  });
});
