import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { predicateOf } from "../../../src/data/scenes/predicates.ts";

describe("predicateOf", () => {
  it.each<[string, Box, Box, string | undefined]>([
    ["inside", [2, 2, 4, 4], [0, 0, 9, 9], "in"],
    ["around", [0, 0, 9, 9], [2, 2, 4, 4], undefined],
    ["standing on the upper edge", [2, 0, 6, 5], [0, 5, 9, 9], "on"],
    ["carrying", [0, 5, 9, 9], [2, 0, 6, 5], undefined],
    ["touching the upper edge with its middle beside it", [8, 0, 14, 5], [0, 5, 9, 9], "near"],
    ["overlapping, higher lower edge", [0, 0, 10, 20], [5, 5, 15, 30], "behind"],
    ["overlapping, lower lower edge", [5, 5, 15, 30], [0, 0, 10, 20], "in front of"],
    ["a gap of 6 % of the side", [0, 0, 10, 10], [16, 0, 20, 10], "near"],
    ["a gap of 7 %", [0, 0, 10, 10], [17, 0, 20, 10], "left of"],
    ["the same from the other side", [17, 0, 20, 10], [0, 0, 10, 10], "right of"],
    ["a wider gap upwards than sideways", [0, 0, 10, 10], [15, 30, 20, 40], "above"],
    ["the same from below", [15, 30, 20, 40], [0, 0, 10, 10], "below"],
  ])("%s", (_, a, b, expected) => {
    expect(predicateOf(a, b, 100)).toBe(expected);
  });

  it("says the opposite, or nothing, from the other end", () => {
    const opposite: Record<string, readonly (string | undefined)[]> = {
      in: [undefined],
      on: [undefined],
      near: ["near"],
      "left of": ["right of"],
      "right of": ["left of"],
      above: ["below"],
      below: ["above"],
      behind: ["in front of"],
      "in front of": ["behind", "in front of"], // equal lower edges: neither is behind
    };
    const box = fc
      .tuple(
        fc.nat(90),
        fc.nat(90),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
      )
      .map(([x, y, w, h]): Box => [x, y, x + w, y + h]);
    fc.assert(
      fc.property(box, box, (a, b) => {
        const told = predicateOf(a, b, 100);
        if (told === undefined) return;
        expect(opposite[told]).toContain(predicateOf(b, a, 100));
      }),
      { numRuns: 2000 },
    );
  });
});
