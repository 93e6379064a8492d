import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Target } from "../../../src/core/graph/scene-graph.ts";
import { scoreCompletion } from "../../../src/core/rewards/score.ts";
import { damagedCompletion, target, toCompletion } from "../../helpers/arbitraries.ts";

const objects = [
  { id: "man.1", bbox: [0, 0, 100, 100] },
  { id: "horse.2", bbox: [0, 100, 200, 200] },
] as const;
const riding = { subject: "man.1", predicate: "riding", object: "horse.2" };
const near = { subject: "horse.2", predicate: "near", object: "man.1" };
const image = { image_id: "1", width: 200, height: 200 };
const truth: Target = { ...image, objects, relationships: [riding, near] };

/** The reward of an answer whose boxes are in pixels of the image. */
const reward = (answer: { objects: unknown; relationships: unknown } | string, against = truth) =>
  scoreCompletion(typeof answer === "string" ? answer : JSON.stringify(answer), against, {
    boxScale: [200, 200],
    rewards: ["edge_hard_reward"],
  }).rewards.edge_hard_reward;

describe("edge_hard_reward", () => {
  it.each([
    ["both relations", { objects, relationships: [riding, near] }, 5],
    ["one relation of two", { objects, relationships: [near] }, 2.5],
    ["none", { objects, relationships: [] }, 0],
    [
      "other names for the same class",
      {
        objects: [{ ...objects[0], id: "Man.7" }, objects[1]],
        relationships: [{ ...riding, subject: "man.7" }],
      },
      2.5,
    ],
    [
      "a predicate in other letters",
      { objects, relationships: [{ ...riding, predicate: " RIDING" }] },
      2.5,
    ],
    [
      "another class",
      {
        objects: [{ ...objects[0], id: "boy.1" }, objects[1]],
        relationships: [{ ...riding, subject: "boy.1" }],
      },
      0,
    ],
    [
      "subject and object swapped",
      { objects, relationships: [{ ...near, predicate: "riding" }] },
      0,
    ],
    [
      "an IoU of exactly one half",
      { objects: [{ id: "man.1", bbox: [0, 0, 100, 50] }, objects[1]], relationships: [riding] },
      2.5,
    ],
    [
      "an IoU just below one half",
      { objects: [{ id: "man.1", bbox: [0, 0, 100, 49] }, objects[1]], relationships: [riding] },
      0,
    ],
    [
      "the last of equal ids, if it fits",
      { objects: [{ id: "man.1", bbox: [150, 0, 200, 50] }, ...objects], relationships: [riding] },
      2.5,
    ],
    [
      "the last of equal ids, if it does not",
      { objects: [...objects, { id: "man.1", bbox: [150, 0, 200, 50] }], relationships: [riding] },
      0,
    ],
    [
      "a relation to an unknown object that is needed first",
      { objects, relationships: [{ ...riding, object: "x.9" }, riding, near] },
      0,
    ],
    [
      "a relation to an unknown object behind the hit",
      { objects, relationships: [riding, { ...riding, object: "x.9" }, near] },
      5,
    ],
    [
      "a relation to an unknown object with a predicate that nobody wants",
      { objects, relationships: [{ ...riding, predicate: "on", object: "x.9" }, riding, near] },
      5,
    ],
    [
      "a relation without a predicate that is reached",
      { objects, relationships: [riding, { subject: "man.1", object: "horse.2" }, near] },
      0,
    ],
    [
      "a relation without a predicate behind all hits",
      { objects, relationships: [near, riding, { subject: "man.1" }] },
      5,
    ],
    ["objects that cannot be read", { objects: [{ id: "man.1" }], relationships: [riding] }, 0],
    ["relations that are no list", { objects, relationships: "riding" }, 0],
  ])("is right for %s", (_, answer, expected) => {
    expect(reward(answer)).toBe(expected);
  });

  it("takes NaN for a box that fits, and an infinite one for one that does not", () => {
    const answer = (box: string) =>
      `{"objects":[{"id":"man.1","bbox":${box}},{"id":"horse.2","bbox":[0,100,200,200]}],
        "relationships":[{"subject":"man.1","predicate":"riding","object":"horse.2"}]}`;
    expect(reward(answer("[NaN,NaN,NaN,NaN]"))).toBe(2.5);
    expect(reward(answer("[0,0,Infinity,100]"))).toBe(0);
    expect(reward(answer(`[0,0,1${"0".repeat(400)},100]`))).toBe(0);
  });

  it("lets one prediction serve several targets", () => {
    const twice = { ...truth, relationships: [riding, riding, riding, near] };
    expect(reward({ objects, relationships: [riding] }, twice)).toBe(3.75);
  });

  it("is 0 when a target relation names an unknown object, once that is looked up", () => {
    const dangling = { ...truth, relationships: [riding, { ...near, subject: "dog.9" }] };
    expect(reward({ objects, relationships: [riding, near] }, dangling)).toBe(0);
    expect(reward({ objects, relationships: [riding] }, dangling)).toBe(2.5);
  });

  it("is 0 without target relations", () => {
    expect(reward({ objects, relationships: [riding] }, { ...truth, relationships: [] })).toBe(0);
  });

  it("is 5 when a graph with proper boxes answers with itself, in any order", () => {
    const proper = target().filter(
      ({ objects: all, relationships }) =>
        relationships.length > 0 && all.every(({ bbox: [x1, y1, x2, y2] }) => x1 < x2 && y1 < y2),
    );
    fc.assert(
      fc.property(proper, (graph) => {
        const backwards = {
          objects: graph.objects.toReversed(),
          relationships: graph.relationships.toReversed(),
        };
        const rewards = ["format_reward", "edge_hard_reward"];
        const score = scoreCompletion(toCompletion(backwards), graph, { rewards });
        expect(score.rewards).toEqual({ format_reward: 1, edge_hard_reward: 5 });
      }),
    );
  });

  it("stays in 0..5 whatever the completion is", () => {
    fc.assert(
      fc.property(target(), damagedCompletion(), (graph, completion) => {
        const value = scoreCompletion(completion, graph, {
          rewards: ["edge_hard_reward"],
        }).rewards.edge_hard_reward!;
        expect(value >= 0 && value <= 5).toBe(true);
      }),
    );
  });
});
