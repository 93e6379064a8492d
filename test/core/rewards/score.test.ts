import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { munkresJs } from "../../../src/core/matching/munkres-js.ts";
import { tasks } from "../../../src/core/rewards/reward.ts";
import { createScorer, scoreCompletion } from "../../../src/core/rewards/score.ts";
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

describe("limits", () => {
  const limits = { characters: 400, objects: 3, relationships: 2 };
  const objects = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: `a.${i}`, bbox: [0, 0, 1, 1] }));
  const relation = { subject: "a.0", predicate: "on", object: "a.1" };

  it.each([
    ["characters", " ".repeat(401), "limit: 401 characters, at most 400"],
    ["objects", JSON.stringify({ objects: objects(4) }), "limit: 4 objects, at most 3"],
    [
      "relationships",
      JSON.stringify({ objects: [], relationships: [relation, relation, relation] }),
      "limit: 3 relationships, at most 2",
    ],
  ])("cost a completion with too many %s all its rewards", (_, completion, reason) => {
    const { rewards, outcome } = scoreCompletion(completion, empty, { limits });
    expect(outcome).toEqual({ parsed: false, reason });
    expect(new Set(Object.values(rewards))).toEqual(new Set([0]));
  });

  it("let pass what is just within them", () => {
    const completion = JSON.stringify({ objects: objects(3), relationships: [relation, relation] });
    expect(scoreCompletion(completion, empty, { limits }).outcome).toEqual({ parsed: true });
  });

  it("cost a completion its rewards when its time is up, and the next one has its own time", () => {
    let started = 0;
    const startClock = () => {
      started += 1;
      return () => started === 1;
    };
    const target = { ...empty, objects: [{ id: "a.0", bbox: [0, 0, 1, 1] as const }] };
    const score = createScorer({ startClock });
    const completion = JSON.stringify({ objects: objects(1), relationships: [] });
    expect(score(completion, target).outcome).toEqual({
      parsed: false,
      reason: "limit: its time is up",
    });
    expect(score(completion, target).outcome).toEqual({ parsed: true });
  });

  it("keep munkres-js from what it has no time for", () => {
    const many = { characters: 1e6, objects: 1000, relationships: 10 };
    const target = { ...empty, objects: [{ id: "a.0", bbox: [0, 0, 1, 1] as const }] };
    const completion = JSON.stringify({ objects: objects(129), relationships: [] });
    const options = { limits: many, solver: munkresJs };
    expect(scoreCompletion(completion, target, options).outcome).toEqual({
      parsed: false,
      reason: "limit: 129 objects to match, munkres-js takes at most 128",
    });
  });
});

it("cannot compare a name with a lone surrogate, as spaCy cannot", () => {
  const target = {
    ...empty,
    objects: [{ id: "a.1", bbox: [0, 0, 1, 1] as const }],
    relationships: [{ subject: "a.1", predicate: "on", object: "a.1" }],
  };
  const id = "a\\ud800.1";
  const completion = `{"objects":[{"id":"${id}","bbox":[0,0,100,100]}],
    "relationships":[{"subject":"${id}","predicate":"on","object":"${id}"}]}`;
  const rewards = ["node_acc_reward", "node_box_reward", "edge_reward", "edge_hard_relax_reward"];
  expect(scoreCompletion(completion, target, { rewards }).rewards).toEqual(
    Object.fromEntries(rewards.map((name) => [name, 0])),
  );
});
