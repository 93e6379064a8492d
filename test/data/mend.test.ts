import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../../src/core/graph/scene-graph.ts";
import { graphFaults } from "../../src/data/graph-faults.ts";
import { mendGraph } from "../../src/data/mend.ts";

const size = { width: 40, height: 30 };
const cup = (bbox: Box) => ({ objects: [{ id: "cup.1", bbox }], relationships: [] });

describe("mendGraph", () => {
  it.each([
    ["swaps corners", [9, 8, 3, 4], [3, 4, 9, 8]],
    ["swaps one pair of sides", [9, 4, 3, 8], [3, 4, 9, 8]],
    ["cuts off what reaches out", [-2, -0.5, 40.5, 31], [0, 0, 40, 30]],
    ["does both", [50, 5, -1, 2], [0, 2, 40, 5]],
    ["leaves a line at the edge", [40, 0, 60, 10], [40, 0, 40, 10]],
  ] as const)("%s", (_, bbox, expected) => {
    const { graph, mends } = mendGraph(cup(bbox), size);
    expect(graph.objects[0]?.bbox).toEqual(expected);
    expect(mends).toEqual([
      { field: "objects[0].bbox", found: JSON.stringify(bbox), done: JSON.stringify(expected) },
    ]);
  });

  it("leaves a box alone that is wholly outside, and one that is right", () => {
    for (const bbox of [
      [41, 0, 50, 10],
      [0, 0, 40, 30],
      [5, 5, 5, 5],
    ] as const)
      expect(mendGraph(cup(bbox), size)).toEqual({ graph: cup(bbox), mends: [] });
  });

  it("drops relations to nothing and relations that were there before, and says why", () => {
    const on = { subject: "cup.1", predicate: "on", object: "cup.1" };
    const relationships = [on, { ...on, object: "cat.9" }, { ...on, predicate: "by" }, on];
    const { graph, mends } = mendGraph({ ...cup([0, 0, 1, 1]), relationships }, size);
    expect(graph.relationships).toEqual([on, { ...on, predicate: "by" }]);
    expect(mends.map(({ field, done }) => `${field} ${done}`)).toEqual([
      'relationships[1] dropped: no object "cat.9"',
      "relationships[3] dropped: it was there before",
    ]);
  });

  it("leaves no fault of a box that touches the image, and has nothing to do the second time", () => {
    const side = fc.integer({ min: -20, max: 60 });
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), (bbox) => {
        const { graph } = mendGraph(cup(bbox), size);
        const [x1, y1, x2, y2] = bbox;
        const outside =
          Math.max(x1, x2) < 0 ||
          Math.max(y1, y2) < 0 ||
          Math.min(x1, x2) > 40 ||
          Math.min(y1, y2) > 30;
        expect(graphFaults(graph, size)).toHaveLength(outside ? 1 : 0);
        expect(mendGraph(graph, size).mends).toEqual([]);
      }),
    );
  });
});
