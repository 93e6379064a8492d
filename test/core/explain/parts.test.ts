import { describe, expect, it } from "vitest";
import { explainCompletion } from "../../../src/core/explain/explain.ts";
import { munkresJs } from "../../../src/core/matching/munkres-js.ts";
import { answer, scene, similarity } from "../rewards/scenes.ts";

const { objects, relationships } = scene;
const [man, horse, tree] = objects;
const options = { boxScale: [100, 100], similarity } as const;
const good = answer(objects, relationships);

describe("the answer", () => {
  it("is told with where it was taken from", () => {
    const { answer: read } = explainCompletion(good, scene, options);
    expect(read).toEqual({
      characters: good.length,
      tags: true,
      taken_from: "answer tags",
      text: JSON.stringify({ objects, relationships }),
    });
    const from = (text: string) => explainCompletion(text, scene).answer.taken_from;
    expect([from("<answer>{}"), from("{}")]).toEqual([
      "answer tag that is not closed",
      "whole completion",
    ]);
  });

  it("is told with the place where it breaks", () => {
    const told = explainCompletion('<answer>{"objects": [1 2]}</answer>', scene);
    expect(told.answer.broken_at).toEqual({
      character: 16,
      before: '{"objects": [1 ',
      after: "2]}",
    });
    expect(told.outcome).toMatchObject({ parsed: false, reason: expect.stringContaining("16") });
    expect(told.total).toBe(0);
  });

  it("has its relations listed, each with its fault", () => {
    const relations = [relationships[0], { subject: "x.9", predicate: "on", object: "man.1" }, 7];
    const told = explainCompletion(answer(objects, relations), scene, options);
    expect(told.predicted_relations).toEqual([
      { place: 0, ...relationships[0] },
      {
        ...{ place: 1, subject: "x.9", predicate: "on", object: "man.1" },
        fault: 'relationships[1].subject: "x.9" is no object of the answer',
      },
      {
        ...{ place: 2, subject: null, predicate: null, object: null },
        fault: "relationships[2]: a number, expected an object",
      },
    ]);
  });

  it("has its objects in pixels, and those apart that do not count", () => {
    const wide = { ...scene, width: 400, height: 200 };
    const text = `{"objects":[{"id":"man.1","bbox":[0,0,40,50]},{"id":"tree.2","bbox":[NaN,0,1,1]}],"relationships":[]}`;
    const told = explainCompletion(text, wide, { ...options, profile: "robust" });
    expect(told.predictions).toEqual([{ place: 0, id: "man.1", box: [0, 0, 160, 100] }]);
    expect(told.left_out).toEqual([{ place: 0, id: "tree.2", box: ["NaN", 0, 4, 2] }]);
  });
});

describe("the matching", () => {
  it("is told with its cost terms, and who is left over", () => {
    const person = { id: "person.1", bbox: [0, 0, 40, 25] };
    const dogs = { id: "dog.5", bbox: [90, 90, 100, 100] };
    const found = [tree, dogs, person, { ...horse, id: "horse.1" }];
    const { matching } = explainCompletion(answer(found, []), scene, options);
    expect(matching).toMatchObject({ solver: "exact", overlap: "GIoU", unmatched_targets: [] });
    expect(matching.unmatched_predictions).toEqual([{ place: 1, id: "dog.5" }]);
    const [first] = matching.pairs;
    // half a man by name; half of the box; 0.25 lower
    expect(first).toEqual({
      target: { place: 0, id: "man.1" },
      predicted: { place: 2, id: "person.1" },
      ...{ similarity: 0.5, overlap: expect.closeTo(0.5, 12), l1: 0.25 },
      terms: { similarity: 0.5, overlap: expect.closeTo(1, 12), l1: 1.25 },
      cost: 2.75,
    });
  });

  it("is told to be by IoU for the paper, and by the solver that was taken", () => {
    const { matching } = explainCompletion(good, scene, {
      ...{ ...options, profile: "paper", solver: munkresJs },
    });
    expect(matching).toMatchObject({ solver: "munkres-js", overlap: "IoU" });
  });

  it("is told not to be there for the task cls, and nobody to be left over", () => {
    const { matching } = explainCompletion(good, scene, { ...options, task: "cls" });
    expect(matching).toMatchObject({
      ...{ pairs: [], unmatched_targets: [], unmatched_predictions: [] },
      because: "the task cls has no objects to match",
    });
  });

  it.each([
    ["a box of NaN", `{"id":"man.1","bbox":[NaN,0,1,1]}`, "of its box"],
    ["a name that is no Unicode", `{"id":"\\ud83d","bbox":[0,0,1,1]}`, "its name is no Unicode"],
  ])("is told not to exist for %s", (_, object, why) => {
    const told = explainCompletion(`{"objects":[${object}],"relationships":[]}`, scene, options);
    expect(told.matching.pairs).toEqual([]);
    expect(told.matching.because).toContain(why);
    const nodes = told.rewards.find(({ name }) => name === "node_acc_reward");
    expect(nodes).toMatchObject({ value: 0, because: "no matching of objects exists" });
  });
});

describe("the node rewards", () => {
  const formulas = (profile: "release" | "paper", completion: string) =>
    explainCompletion(completion, scene, { ...options, profile })
      .rewards.filter(({ name }) => name.startsWith("node"))
      .map(({ formula }) => formula);

  it("have their formulas filled in", () => {
    const half = answer([{ ...man, id: "person.1" }, tree], []);
    expect(formulas("release", half)).toEqual([
      "node_acc_reward = 2 · 1.5 (sum of similarity over 2 pairs) / 3 targets = 1",
      "node_box_reward = 2 · 2 (sum of (2 · IoU + 5 · exp(−L1)) / 7 over 2 pairs) / 3 targets = 1.3333",
    ]);
    expect(formulas("paper", half)).toEqual([
      "node_reward = 15.5 (sum of 1 · similarity + 2 · IoU + 5 · exp(−L1) over 2 pairs) / 3 targets = 5.1667",
    ]);
  });
});

describe("the format reward", () => {
  const explainFormat = (
    completion: string,
    more: Partial<Parameters<typeof explainCompletion>[2]> = {},
  ) => explainCompletion(completion, scene, { ...options, ...more }).rewards[0]!;
  const failed = (one: ReturnType<typeof explainFormat>) =>
    one.checks?.filter(({ passed }) => !passed).map(({ found }) => found);
  const untagged = JSON.stringify({ objects, relationships });

  it("is told with its share", () => {
    expect(explainFormat(good).formula).toBe("format_reward = 1 · 1 (in form and in tags) = 1");
    expect(explainFormat(untagged).formula).toBe(
      "format_reward = 1 · 0 (in form, not in tags, which the strict format asks for) = 0",
    );
    expect(explainFormat(untagged, { parameters: { strictFormat: false } }).formula).toBe(
      "format_reward = 1 · 0.5 (in form, not in tags) = 0.5",
    );
    expect(explainFormat(`${good} `, { profile: "v1" }).formula).toBe(
      "format_reward = 1 · 0.5 (in form, not in tags) = 0.5",
    );
    expect(explainFormat("{}", { profile: "paper" }).formula).toBe(
      "format_reward = 1 · 0.5 (a JSON object alone) = 0.5",
    );
  });

  it.each([
    [
      "release",
      answer([{ ...man, bbox: [1, 2] }], []),
      ["objects[0].bbox: 2 entries, expected 4 numbers"],
    ],
    ["release", answer([{ ...man, id: {} }], []), ["objects[0].id: an object, expected text"]],
    [
      "release",
      answer(objects, [{ ...relationships[0], predicate: 1 }]),
      ["relationships[0].predicate: a number, expected text"],
    ],
    [
      "release",
      answer(objects, [{ ...relationships[0], subject: "Man.1" }]),
      ['relationships[0].subject: "Man.1", expected the id of an object of the answer'],
    ],
    ["release-head", good, ["objects: 3 entries, where this code fails on any"]],
    ["v1", answer([{ box: [] }], []), ["objects[0].id: missing, expected text"]],
    [
      "paper",
      "<answer>objects</answer>",
      [
        'no "relationships"',
        expect.stringContaining("tag is missing"),
        expect.stringContaining("not JSON"),
      ],
    ],
  ] as const)("is told by profile %s with what is wrong: %s", (profile, completion, found) => {
    expect(failed(explainFormat(completion, { profile }))).toEqual(found);
  });
});

describe("limits", () => {
  const limits = { characters: 1000, objects: 2, relationships: 5 };

  it("are told with what was found, and make everything 0", () => {
    const told = explainCompletion(good, scene, { ...options, limits });
    expect(told.limits).toEqual([
      { of: "characters", found: good.length, most: 1000 },
      { of: "objects", found: 3, most: 2 },
      { of: "relationships", found: 2, most: 5 },
    ]);
    expect(told.outcome).toEqual({ parsed: false, reason: "limit: 3 objects, at most 2" });
    expect(new Set(told.rewards.map(({ because }) => because))).toEqual(
      new Set(["limit: 3 objects, at most 2"]),
    );
    expect([told.total, told.predictions]).toEqual([0, []]);
  });

  it("on the length come before anything is read", () => {
    const short = { ...limits, characters: 10 };
    const told = explainCompletion(good, scene, { ...options, limits: short });
    expect(told.limits.map(({ found }) => found)).toEqual([good.length, 0, 0]);
  });

  it("of a solver make 0 of all that is asked for together", () => {
    const many = Array.from({ length: 130 }, (_, i) => ({ ...man, id: `man.${i}` }));
    const told = explainCompletion(answer(many, []), scene, { ...options, solver: munkresJs });
    const [format] = told.rewards;
    expect(format).toMatchObject({
      ...{ name: "format_reward", value: 0, formula: "format_reward = 0" },
      because: "limit: 130 objects to match, munkres-js takes at most 128",
    });
  });

  it("of a solver leave the rewards alone that need no matching", () => {
    const many = Array.from({ length: 130 }, (_, i) => ({ ...man, id: `man.${i}` }));
    const told = explainCompletion(answer(many, []), scene, {
      ...{ ...options, profile: "robust", solver: munkresJs },
    });
    const because = "limit: 130 objects to match, munkres-js takes at most 128";
    expect(told.rewards.map(({ value, because: why }) => [value, why])).toEqual([
      [1, undefined],
      [0, because],
      [0, because],
      [0, because],
      [0, undefined],
      [0, undefined],
    ]);
    expect(told.matching.because).toBe(because);
  });
});

it("counts in the total what is asked for, and explains the rest beside it", () => {
  const told = explainCompletion(good, scene, { ...options, rewards: ["edge_hard_reward"] });
  expect(told.total).toBe(5);
  expect(told.rewards).toHaveLength(6);
  expect(told.rewards.filter((one) => one.in_total).map(({ name }) => name)).toEqual([
    "edge_hard_reward",
  ]);
  expect(() => explainCompletion(good, scene, { rewards: ["nothing"] })).toThrow(RangeError);
});
