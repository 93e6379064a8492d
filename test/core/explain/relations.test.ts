import { describe, expect, it } from "vitest";
import { explainCompletion } from "../../../src/core/explain/explain.ts";
import type { RewardExplanation } from "../../../src/core/explain/explanation.ts";
import type { Target } from "../../../src/core/graph/scene-graph.ts";
import type { ProfileName } from "../../../src/core/rewards/profiles.ts";
import type { Task } from "../../../src/core/rewards/reward.ts";
import { answer, scene, similarity } from "../rewards/scenes.ts";

const { objects, relationships } = scene;
const [man, horse, tree] = objects;
const [riding, near] = relationships;
const onHorse = { ...riding, predicate: "on" };
const stranger = { ...riding, object: "x.9" };
const far = { ...man, bbox: [30, 0, 70, 50] };

interface Ask {
  readonly profile?: ProfileName;
  readonly task?: Task;
  readonly target?: Target;
}

/** One reward of an answer, its boxes in percent. */
const explain = (name: string, completion: string, { target = scene, ...ask }: Ask = {}) =>
  explainCompletion(completion, target, {
    ...{ profile: "release", boxScale: [100, 100], similarity },
    ...ask,
  }).rewards.find((one) => one.name === name) as RewardExplanation;

/** What is told of each target relation: verdict, value, reason. */
const told = ({ relations }: RewardExplanation) =>
  relations?.map(({ verdict, value, because }) => [verdict, value, because]);

describe("edge_hard_reward", () => {
  it.each([
    ["a hit", objects, [riding], ["hit", 2.5, "said as man.1 riding horse.2, IoU 1 and 1"]],
    ["no such predicate", objects, [], ["miss", 0, 'no prediction says "riding"']],
    [
      "another predicate",
      objects,
      [onHorse],
      ["miss", 0, "related by another predicate: on, similarity 0.25"],
    ],
    [
      "an IoU that is below one half by rounding alone",
      [{ id: "man.1", bbox: [0, 0, 40, 25] }, horse],
      [riding],
      ["miss", 0, "boxes too far off: man.1 riding horse.2 has IoU just below 0.5 and 1"],
    ],
    [
      "other names altogether",
      [{ ...man, id: "boy.1" }, horse],
      [{ ...onHorse, subject: "boy.1" }],
      ["miss", 0, 'no prediction says "riding"; at its boxes stands boy.1 on horse.2'],
    ],
    [
      "boxes too far off",
      [far, horse],
      [riding],
      // 10 × 50 shared of 2000 + 2000 − 500
      ["miss", 0, "boxes too far off: man.1 riding horse.2 has IoU 0.1429 and 1"],
    ],
    [
      "another class",
      [{ ...man, id: "boy.1" }, horse],
      [{ ...riding, subject: "boy.1" }],
      ["miss", 0, "class differs: boy, expected man"],
    ],
    [
      "the nearest of several",
      [far, { ...man, id: "man.7" }, { ...horse, bbox: [0, 80, 50, 100] }],
      [riding, { ...riding, subject: "man.7" }],
      ["miss", 0, "boxes too far off: man.7 riding horse.2 has IoU 1 and 0.4"],
    ],
  ])("tells of %s", (_, found, relations, expected) => {
    expect(told(explain("edge_hard_reward", answer(found, relations)))?.[0]).toEqual(expected);
  });

  it("takes an IoU of exactly one half for one that fits", () => {
    const target = {
      ...{ image_id: "1", width: 64, height: 64 },
      objects: [{ id: "man.1", bbox: [0, 0, 32, 32] }],
      relationships: [{ subject: "man.1", predicate: "near", object: "man.1" }],
    } as const satisfies Target;
    const boy = { id: "boy.1", bbox: [0, 0, 32, 16] };
    const near = { subject: "boy.1", predicate: "near", object: "boy.1" };
    const told = explainCompletion(answer([boy], [near]), target, { boxScale: [64, 64] });
    const hard = told.rewards.find(({ name }) => name === "edge_hard_reward");
    expect(hard?.relations?.[0]?.because).toBe(
      "class differs: boy, expected man; boy, expected man",
    );
  });

  it("fills in its formula", () => {
    const { formula, value } = explain("edge_hard_reward", answer(objects, relationships));
    expect([formula, value]).toEqual(["edge_hard_reward = 5 · 2 hits / 2 relations = 5", 5]);
  });

  it("tells which faulty relation ended it, and takes hits before back", () => {
    const odd = answer(objects, [riding, { ...near, object: "x.9" }]);
    const why = `relationships[1] (tree.3 near x.9): "x.9" is no object of the answer, which ends the whole reward`;
    const one = explain("edge_hard_reward", odd);
    expect([one.formula, one.because]).toEqual(["edge_hard_reward = 0", why]);
    expect(told(one)).toEqual([
      ["hit", 0, "said as man.1 riding horse.2, IoU 1 and 1"],
      ["ended", 0, why],
    ]);
    expect(told(explain("edge_hard_reward", answer(objects, [stranger, near])))).toEqual([
      ["ended", 0, expect.stringContaining("relationships[0] (man.1 riding x.9)")],
      ["not reached", 0, "a fault ended the reward"],
    ]);
  });

  it("tells what a relation lacks that ended it, and what the target lacks", () => {
    const reason = (completion: string, target: Target = scene) =>
      explain("edge_hard_reward", completion, { target }).because;
    expect(reason(answer(objects, [{ subject: "man.1", object: "horse.2" }]))).toMatch(
      /^relationships\[0\] \(man\.1 \? horse\.2\) has no predicate/,
    );
    expect(reason(answer(objects, [{ predicate: "riding", object: "horse.2" }]))).toMatch(
      /^relationships\[0\] \(\? riding horse\.2\) has no subject/,
    );
    const dangling = { ...scene, relationships: [{ ...riding, subject: "dog.9" }] };
    expect(reason(answer(objects, [riding]), dangling)).toMatch(
      /^the relation itself: "dog\.9" is no object of the target/,
    );
  });

  it("goes past faulty relations where the profile skips them", () => {
    const one = explain("edge_hard_reward", answer(objects, [stranger, riding]), {
      profile: "robust",
    });
    expect(one.relations?.[0]).toMatchObject({ verdict: "hit", by: [{ place: 1 }] });
  });
});

describe("edge_hard_relax_reward", () => {
  const explainRelax = (found: unknown, relations: unknown, ask?: Ask) =>
    explain("edge_hard_relax_reward", answer(found, relations), ask);

  it("tells how alike the best prediction is whose boxes fit", () => {
    const one = explainRelax(objects, [near, onHorse]);
    expect(told(one)).toEqual([
      ["hit", 0.625, "said as man.1 on horse.2, IoU 1 and 1, similarity 1 · 0.25 · 1"],
      ["hit", 2.5, "said as tree.3 near horse.2, IoU 1 and 1, similarity 1 · 1 · 1"],
    ]);
    expect(one.formula).toBe(
      "edge_hard_relax_reward = 5 · 1.25 (sum of similarities) / 2 relations = 3.125",
    );
    expect(one.relations?.[0]?.by).toEqual([
      {
        ...{ place: 1, subject: "man.1", predicate: "on", object: "horse.2" },
        iou: { subject: 1, object: 1 },
        similarity: { subject: 1, predicate: 0.25, object: 1 },
      },
    ]);
  });

  it.each([
    ["nothing", objects, [], "no relation is predicted"],
    [
      "unlike names",
      objects,
      [{ ...riding, predicate: "eats" }],
      "boxes fit, but no name is alike: man.1 eats horse.2",
    ],
    [
      "boxes",
      [far, horse],
      [riding],
      "boxes too far off: man.1 riding horse.2 has IoU 0.1429 and 1",
    ],
  ])("tells of a miss for %s", (_, found, relations, because) => {
    expect(told(explainRelax(found, relations))?.[0]).toEqual(["miss", 0, because]);
  });

  it("ends at any relation to an unknown object", () => {
    expect(explainRelax(objects, [near, { ...stranger, predicate: "eats" }]).because).toBe(
      'relationships[1] (man.1 eats x.9): "x.9" is no object of the answer, which ends the whole reward',
    );
    const skipped = explainRelax(objects, [{ subject: "man.1" }, near], { profile: "robust" });
    expect(skipped.relations?.[1]).toMatchObject({ verdict: "hit", by: [{ place: 1 }] });
  });
});

describe("edge_reward", () => {
  const explainEdge = (found: unknown, relations: unknown, ask?: Ask) =>
    explain("edge_reward", answer(found, relations), ask);

  it("tells what is said between matches, and with which predicate", () => {
    const one = explainEdge(objects, [riding, onHorse, near]);
    expect(told(one)).toEqual([
      ["hit", 0.625, "said as man.1 on horse.2, similarity 1 · 0.25 · 1"],
      ["hit", 2.5, "said as tree.3 near horse.2, similarity 1 · 1 · 1"],
    ]);
    expect(one.formula).toBe("edge_reward = 5 · 1.25 (sum of similarities) / 2 relations = 3.125");
  });

  it.each([
    ["no relation", objects, [], "nothing is said of man.1 and horse.2, their matches"],
    [
      "the other way round",
      objects,
      [{ subject: "horse.2", predicate: "under", object: "man.1" }],
      "nothing is said of man.1 and horse.2, their matches, only the other way round: horse.2 under man.1",
    ],
    ["a missing object", [horse, tree], [near], "subject man.1 not matched"],
    ["no objects", [], [], "subject man.1 and object horse.2 not matched"],
  ])("tells of a miss for %s", (_, found, relations, because) => {
    expect(told(explainEdge(found, relations))?.[0]).toEqual(["miss", 0, because]);
  });

  it("tells of relations matched by names alone for the task cls", () => {
    const one = explainEdge([], [{ ...riding, subject: "person.1" }], { task: "cls" });
    expect(told(one)).toEqual([
      ["hit", 1.25, "said as person.1 riding horse.2, similarity 0.5 · 1 · 1"],
      ["miss", 0, "no predicted relation is left for it"],
    ]);
  });

  it.each([
    [{ task: "det" }, objects, [riding], "the task det has no relations"],
    [{}, objects, [{ subject: "man.1" }], "relationships[0].predicate: missing, expected text"],
    [{}, [{ id: "man.1" }], [], "objects[0].bbox: missing, expected a list"],
    [
      {},
      objects,
      [{ ...riding, predicate: "\ud83d" }],
      "a predicate that is no Unicode cannot be compared",
    ],
    [{ profile: "paper", task: "cls" }, objects, [], "this profile has it for the task sgg only"],
  ] as const)("tells why it is 0 as a whole: %j", (ask, found, relations, because) => {
    const one = explainEdge(found, relations, ask);
    expect([one.value, one.because]).toEqual([0, because]);
  });

  it("tells for the paper at each target the predictions that are most like it", () => {
    const one = explainEdge(objects, [onHorse, riding, riding], { profile: "paper" });
    expect(told(one)).toEqual([
      [
        "hit",
        0.625,
        "said as man.1 on horse.2, similarity 1 · 0.25 · 1; said as man.1 riding horse.2, similarity 1 · 1 · 1",
      ],
      ["miss", 0, "no prediction between the matches of its ends is most like it"],
    ]);
    expect(told(explainEdge(objects, [near], { profile: "paper" }))?.[1]).toEqual([
      ...["hit", 0.5, "said as tree.3 near horse.2, similarity 1 · 1 · 1"],
    ]);
    expect(one.formula).toBe(
      "edge_reward = 1.25 (similarities of 2 predictions) / 2 relations = 0.625",
    );
  });
});
