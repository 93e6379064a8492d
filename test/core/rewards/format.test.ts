import { describe, expect, it } from "vitest";
import type { Target } from "../../../src/core/graph/scene-graph.ts";
import { formatReward } from "../../../src/core/rewards/format.ts";
import { type Profile, profiles } from "../../../src/core/rewards/profiles.ts";
import type { Task } from "../../../src/core/rewards/reward.ts";
import { scoreCompletion } from "../../../src/core/rewards/score.ts";

const target: Target = { image_id: "1", width: 10, height: 10, objects: [], relationships: [] };
const profile: Profile = {
  ...profiles.release,
  name: "test",
  sources: "",
  rewards: {
    strict: formatReward({ weight: 2, strict: true }),
    lenient: formatReward({ weight: 2, strict: false }),
  },
  defaults: ["strict", "lenient"],
};

const score = (completion: string, task: Task = "sgg") =>
  scoreCompletion(completion, target, { profile, task }).rewards;
const tagged = (answer: unknown) =>
  `<think>a</think><answer>${typeof answer === "string" ? answer : JSON.stringify(answer)}</answer>`;

const objects = [{ id: "cat.1", bbox: [0, 0, 1, 1] }];
const relation = { subject: "cat.1", predicate: "on", object: "cat.1" };

describe("formatReward", () => {
  it("gives the weight with tags; without them half, and nothing when strict", () => {
    const answer = { objects, relationships: [relation] };
    expect(score(tagged(answer))).toEqual({ strict: 2, lenient: 2 });
    expect(score(JSON.stringify(answer))).toEqual({ strict: 0, lenient: 1 });
  });

  it.each([
    ["empty lists", { objects: [], relationships: [] }],
    [
      "empty texts and objects, over which Python loops as well",
      { objects: "", relationships: {} },
    ],
    [
      "a boolean and a number too large in a box",
      '{"objects":[{"id":"a","bbox":[true,1,1,1e999]}],"relationships":[]}',
    ],
    ["NaN in a box", '{"objects":[{"id":"a","bbox":[NaN,1,1,1]}],"relationships":[]}'],
    ["repeated ids", { objects: [...objects, ...objects], relationships: [relation] }],
    [
      "an id that is no text, when no relation needs it",
      { objects: [...objects, { id: 7, bbox: [0, 0, 1, 1] }], relationships: [relation] },
    ],
    [
      "more fields than asked for",
      { objects, relationships: [{ ...relation, score: 1 }], note: 1 },
    ],
  ])("accepts %s", (_, answer) => {
    expect(score(tagged(answer)).strict).toBe(2);
  });

  it.each([
    ["no objects", { relationships: [] }],
    ["no relationships", { objects }],
    ["null for a list", { objects, relationships: null }],
    ["a text for a list", { objects, relationships: "cat on cat" }],
    ["an object without an id", { objects: [{ bbox: [0, 0, 1, 1] }], relationships: [] }],
    [
      "an id that Python cannot hash",
      { objects: [{ id: ["cat.1"], bbox: [0, 0, 1, 1] }], relationships: [] },
    ],
    ["a box of three", { objects: [{ id: "a", bbox: [0, 0, 1] }], relationships: [] }],
    ["a text in a box", { objects: [{ id: "a", bbox: [0, 0, 1, "1"] }], relationships: [] }],
    ["a relation to an unknown id", { objects, relationships: [{ ...relation, object: "dog.1" }] }],
    ["ids that differ in case", { objects, relationships: [{ ...relation, subject: "Cat.1" }] }],
    ["a predicate that is no text", { objects, relationships: [{ ...relation, predicate: 1 }] }],
    ["a relation that is no object", { objects, relationships: [["cat.1", "on", "cat.1"]] }],
  ])("gives nothing for %s", (_, answer) => {
    expect(score(tagged(answer))).toEqual({ strict: 0, lenient: 0 });
  });

  it("asks of det for objects only, and of cls for relations between any names", () => {
    expect(score(tagged({ objects }), "det").strict).toBe(2);
    expect(score(tagged({ relationships: [relation] }), "det").strict).toBe(0);
    expect(score(tagged({ relationships: [relation] }), "cls").strict).toBe(2);
    expect(score(tagged({ objects }), "cls").strict).toBe(0);
  });
});

it.each([
  ["true and 1, which are one key to Python", true, 1, 1],
  ["1 and 1.0", 1, "1.0", 1],
  ["true and 0", true, 0, 0],
  ["1 and a text of it", 1, '"1"', 0],
] as const)("v1FormatReward compares %s", (_, id, end, expected) => {
  const answer = `{"objects":[{"id":${id}}],"relationships":[{"subject":${end},"object":${end}}]}`;
  const rewards = ["format_reward"];
  expect(
    scoreCompletion(tagged(answer), target, { profile: profiles.v1, rewards }).rewards,
  ).toEqual({ format_reward: expected });
});
