import { describe, expect, it } from "vitest";
import { answer, rewardBy, scene } from "./scenes.ts";

const { objects, relationships } = scene;
const [man, horse, tree] = objects;
const [riding, near] = relationships;
const person = { id: "person.1", bbox: man.bbox };
const onHorse = { ...riding, predicate: "on" };

describe("edge_reward", () => {
  const reward = rewardBy("release", "edge_reward");

  it.each([
    ["both relations", objects, relationships, 5],
    ["one of two", objects, [near], 2.5],
    ["a predicate that is a quarter right", objects, [onHorse, near], (5 * 1.25) / 2],
    [
      "a subject that is half right",
      [person, horse, tree],
      [{ ...riding, subject: "person.1" }],
      1.25,
    ],
    ["the last of two predicates", objects, [riding, onHorse], 0.625],
    ["the last of two predicates, the other way round", objects, [onHorse, riding], 2.5],
    ["ends the wrong way round", objects, [{ ...riding, subject: "horse.2", object: "man.1" }], 0],
    ["relations of objects that are not there", objects, [{ ...riding, subject: "dog.7" }], 0],
    [
      "an unknown one beside good ones",
      objects,
      [{ ...riding, subject: "dog.7" }, ...relationships],
      5,
    ],
    ["a faulty one beside good ones", objects, [{ subject: "man.1" }, ...relationships], 0],
    ["none", objects, [], 0],
  ])("is right for %s", (_, found, relations, expected) => {
    expect(reward(answer(found, relations))).toBeCloseTo(expected, 12);
  });

  it.each(["release", "v1", "paper", "robust"] as const)(
    "is 0 by profile %s where a predicate is no Unicode, as encoding it fails in the reference",
    (profile) => {
      const odd = answer(objects, [near, { ...riding, predicate: "\ud83d" }]);
      expect(rewardBy(profile, "edge_reward")(odd)).toBe(0);
    },
  );

  it("matches relations by names alone for the task cls, and is 0 for det", () => {
    const cls = rewardBy("release", "edge_reward", "cls");
    expect(cls(answer([], relationships))).toBe(5);
    expect(cls(answer([], [near, { ...onHorse, subject: "person.4" }]))).toBe((5 * 1.125) / 2);
    expect(cls(answer([], [riding, riding, riding]))).toBe(2.5);
    expect(rewardBy("release", "edge_reward", "det")(answer(objects, relationships))).toBe(0);
  });
});

describe("edge_hard_relax_reward", () => {
  const reward = rewardBy("release", "edge_hard_relax_reward");
  const offset = { ...man, bbox: [40, 0, 80, 50] };

  it.each([
    ["both relations", objects, relationships, 5],
    ["the more alike of two", objects, [onHorse, riding, onHorse], 2.5],
    [
      "a name that is half right",
      [person, horse, tree],
      [{ ...riding, subject: "person.1" }],
      1.25,
    ],
    ["a box elsewhere", [offset, horse, tree], [riding], 0],
    ["an unknown one beside good ones", objects, [...relationships, { ...near, object: "x.1" }], 0],
    ["a faulty one beside good ones", objects, [...relationships, { subject: "man.1" }], 0],
    [
      "one without a predicate where no boxes fit",
      objects,
      [...relationships, { subject: "horse.2", object: "man.1" }],
      5,
    ],
    [
      "one without a predicate where boxes fit",
      objects,
      [...relationships, { subject: "man.1", object: "horse.2" }],
      0,
    ],
  ])("is right for %s", (_, found, relations, expected) => {
    expect(reward(answer(found, relations))).toBeCloseTo(expected, 12);
  });

  it("is below 0 where the most alike is, as similarities may be", () => {
    const target = {
      ...scene,
      objects: [{ id: "somebody.1", bbox: man.bbox }, horse],
      relationships: [{ ...riding, subject: "somebody.1" }],
    };
    const nobody = [{ id: "nobody.1", bbox: man.bbox }, horse];
    const found = { ...riding, subject: "nobody.1" };
    expect(reward(answer(nobody, [found]), target)).toBe(-2.5);
    expect(reward(answer(nobody, []), target)).toBe(0);
  });
});

describe("edge_reward of the paper", () => {
  const reward = rewardBy("paper", "edge_reward");

  it.each([
    ["both relations", objects, relationships, 1],
    ["every predicted edge, not the last alone", objects, [riding, onHorse], 1.25 / 2],
    ["the set of edges: a repeated one counts once", objects, [riding, riding], 0.5],
    [
      "one edge between objects that are not related",
      objects,
      [{ ...riding, object: "tree.3" }],
      0,
    ],
    ["an unknown one beside good ones", objects, [{ ...near, object: "x.1" }, ...relationships], 1],
  ])("is right for %s", (_, found, relations, expected) => {
    expect(reward(answer(found, relations))).toBeCloseTo(expected, 12);
  });
});
