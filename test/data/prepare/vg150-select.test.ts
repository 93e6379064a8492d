import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { touching } from "../../../src/data/prepare/vg150-select.ts";

describe("touching", () => {
  it.each([
    ["boxes that overlap", [0, 0, 10, 10], [5, 5, 15, 15], true],
    ["one inside the other", [0, 0, 10, 10], [2, 2, 4, 4], true],
    ["a common edge", [0, 0, 10, 10], [10, 0, 20, 10], true],
    ["a common corner", [0, 0, 10, 10], [10, 10, 20, 20], true],
    ["a gap of one", [0, 0, 10, 10], [11, 0, 20, 10], false],
    ["above each other, apart", [0, 0, 10, 10], [0, 12, 10, 20], false],
  ] as const)("answers for %s", (_, a, b, expected) => {
    expect(touching(a, b)).toBe(expected);
    expect(touching(b, a)).toBe(expected);
  });

  it("says what an intersection over union with widths of x2 - x1 + 1 says", () => {
    const box = fc
      .tuple(
        ...([0, 0, 0, 0].map(() => fc.integer({ min: 0, max: 12 })) as [
          Number,
          Number,
          Number,
          Number,
        ]),
      )
      .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]);
    fc.assert(
      fc.property(box, box, (a, b) => {
        const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
        const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
        const shared = Math.max(width, 0) * Math.max(height, 0);
        const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1 + 1) * (y2 - y1 + 1);
        expect(touching(a, b)).toBe(shared / (area(a) + area(b) - shared) > 0);
      }),
      { numRuns: 2000 },
    );
  });
});

type Number = fc.Arbitrary<number>;
