import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SceneGraph } from "../../../src/core/graph/scene-graph.ts";
import { explain } from "../../../src/core/metrics/explain.ts";
import { judge } from "../../../src/core/metrics/judge.ts";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { releaseProtocol } from "../../../src/core/metrics/release/protocol.ts";
import { anyRow, classes, graph, row } from "./scenes.ts";

const strict = strictProtocol(classes);
const boxes = { "cat.1": [0, 0, 10, 10], "hat.2": [0, 20, 10, 30] } as const;
const truth = graph(boxes, ["cat.1 on hat.2"]);
const missOf = (answer: SceneGraph | string | undefined) =>
  explain(row(truth, answer), strict).truth[0]!.miss;

describe("explain", () => {
  it.each<[string, SceneGraph, string]>([
    [
      "object missing",
      graph({ "hat.2": boxes["hat.2"] }),
      "the answer has no cat and nothing there",
    ],
    [
      "box",
      graph({ ...boxes, "cat.1": [6, 0, 16, 10], "cat.3": [50, 50, 60, 60] }, ["cat.1 on hat.2"]),
      "cat.1 overlaps cat.1 by 0.25, expected at least 0.5",
    ],
    [
      "name",
      graph({ "dog.1": boxes["cat.1"], "hat.2": boxes["hat.2"] }, ["dog.1 on hat.2"]),
      'cat.1 is there as "dog.1", expected cat',
    ],
    [
      "name unmapped",
      graph({ "cat.1": boxes["cat.1"], "cap.2": boxes["hat.2"] }, ["cat.1 on cap.2"]),
      'hat.2 is there as "cap.2", which is no class',
    ],
    ["predicate", graph(boxes, ["cat.1 near hat.2"]), '"near" is said, expected "on"'],
    ["predicate unmapped", graph(boxes, ["cat.1 atop hat.2"]), '"atop" is said, which is no class'],
    ["direction", graph(boxes, ["hat.2 on cat.1"]), '"on" is said the other way round'],
    [
      "graph constraint",
      graph(boxes, ["cat.1 near hat.2", "cat.1 on hat.2"]),
      '"on" is said, after another predicate of the pair',
    ],
    ["unrelated", graph(boxes), "both objects are there, with no relation from one to the other"],
  ])("gives the reason of a miss: %s", (reason, answer, detail) => {
    expect(missOf(answer)).toEqual({ reason, detail });
  });

  it("names the object that is nearest to the right box", () => {
    const near = graph({ "dog.1": [0, 0, 10, 7], "cap.2": [0, 0, 10, 9], "hat.2": boxes["hat.2"] });
    expect(missOf(near)?.detail).toBe('cat.1 is there as "cap.2", which is no class');
  });

  it("tells that an id means the first object that has it", () => {
    const twice: SceneGraph = {
      objects: [{ id: "cat.1", bbox: [70, 70, 80, 80] }, ...graph(boxes).objects],
      relationships: [{ subject: "cat.1", predicate: "on", object: "hat.2" }],
    };
    expect(missOf(twice)).toEqual({
      reason: "duplicate id",
      detail: '"cat.1" means the first object of that id',
    });
  });

  it("says why there is no graph to look at", () => {
    expect(missOf("the answer is not JSON")).toEqual({
      reason: "no answer",
      detail: "the answer is not JSON",
    });
    expect(explain(row(truth), strict)).toMatchObject({
      failure: "the predictions hold no answer to this image",
      recall: { "20": 0 },
      answer: [],
    });
  });

  it("says what the classes have no name for", () => {
    const odd = graph({ ...boxes, "ufo.3": [50, 50, 60, 60] }, ["cat.1 on ufo.3"]);
    expect(explain(row(odd, odd), strict)).toMatchObject({
      recall: null,
      truth: [{ rank: null, miss: { reason: "not in the classes" } }],
      answer: [{ rank: null, left_out: '"ufo" is no class', hits: [] }],
    });
  });

  it("says where a relation is found, and which K it is beyond", () => {
    const others = Array.from({ length: 20 }, (_, i) => `dog.${i + 10}`);
    const said = graph(
      { ...boxes, ...Object.fromEntries(others.map((dog) => [dog, [50, 50, 60, 60] as const])) },
      [...others.map((dog) => `${dog} near hat.2`), "cat.9 on hat.2", "cat.1 on hat.2"],
    );
    const { truth: explained, answer } = explain(row(truth, said), strict);
    expect(explained[0]).toMatchObject({
      rank: 21,
      counts_at: ["50", "100"],
      found_by: 21,
      miss: null,
    });
    expect(answer.at(-2)).toMatchObject({
      rank: null,
      left_out: '"cat.9" is no object of the answer',
    });
    expect(answer.at(-1)).toMatchObject({ rank: 21, left_out: null, hits: [0] });
  });

  it("says what does not count for the graph constraint", () => {
    const said = graph(boxes, ["cat.1 near hat.2", "cat.1 on hat.2"]);
    expect(explain(row(truth, said), strict).answer[1]).toMatchObject({
      rank: null,
      left_out: "an earlier relation of the same pair came first",
      hits: [],
    });
    // The release has no such constraint.
    expect(explain(row(truth, said), releaseProtocol("vg150")).truth[0]).toMatchObject({ rank: 2 });
  });

  it("reads an answer as the release does, passives included", () => {
    const person = graph({ "man.1": [0, 0, 10, 10], "horse.2": [0, 20, 10, 30] }, [
      "man.1 riding horse.2",
    ]);
    const said = graph({ "man.1": [0, 0, 10, 10], "horse.2": [0, 20, 10, 30] });
    const passive = { subject: "horse.2", predicate: "being ridden by", object: "man.1" };
    const answer = { ...said, relationships: [passive] };
    expect(explain(row(person, answer), releaseProtocol("vg150"))).toMatchObject({
      compat: "release",
      truth: [{ rank: 1, found_by: 0 }],
      answer: [{ predicate: "being ridden by", hits: [0] }],
    });
    const atop = { subject: "man.1", predicate: "is on", object: "horse.2" };
    expect(
      explain(row(person, { ...said, relationships: [atop] }), releaseProtocol("vg150")).truth[0]
        ?.miss?.detail,
    ).toBe('"is on" is said, read as "on", expected "riding"');
  });

  it("agrees with the judge about every relation, and has a reason for every miss", () => {
    fc.assert(
      fc.property(anyRow, (one) => {
        const { relations } = judge(one, 0, strict);
        const { truth: explained } = explain(one, strict);
        expect(explained.map(({ rank }) => (rank === null ? Infinity : rank - 1))).toEqual(
          relations.map(({ rank }) => rank),
        );
        for (const { rank, miss } of explained) expect(miss === null).toBe(rank !== null);
      }),
    );
  });
});
