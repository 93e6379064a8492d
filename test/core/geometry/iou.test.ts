import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iou } from "../../../src/core/geometry/iou.ts";
import { box } from "../../helpers/arbitraries.ts";

describe("iou", () => {
  it.each([
    ["equal boxes", [0, 0, 2, 2], [0, 0, 2, 2], 1],
    ["half apart", [0, 0, 2, 2], [1, 0, 3, 2], 1 / 3],
    ["one within the other", [0, 0, 4, 4], [1, 1, 3, 3], 1 / 4],
    ["apart on both axes", [0, 0, 1, 1], [2, 2, 3, 3], 0],
    ["touching", [0, 0, 1, 1], [1, 0, 2, 1], 0],
    ["two points", [1, 1, 1, 1], [1, 1, 1, 1], 0],
    ["an inverted axis: its area is negative", [0, 0, 2, 2], [2, 0, 0, 2], 0],
    ["an inverted axis, sizes apart", [0, 0, 4, 2], [3, 0, 1, 2], 0],
    ["an infinite box", [0, 0, 2, 2], [0, 0, Infinity, 2], 0],
  ] as const)("gives the hand-worked value for %s", (_, a, b, expected) => {
    expect(iou(a, b)).toBe(expected);
  });

  it("is NaN when the second box holds one, in any place", () => {
    for (const place of [0, 1, 2, 3]) {
      const bad = [0, 0, 2, 2].with(place, Number.NaN) as [number, number, number, number];
      expect(iou([0, 0, 2, 2], bad)).toBeNaN();
    }
  });

  it("is NaN for an infinite box without height, whose area Python cannot tell either", () => {
    expect(iou([0, 0, 2, 2], [0, 1, Infinity, 1])).toBeNaN();
  });

  it("is symmetric and in 0..1 for proper boxes", () => {
    fc.assert(
      fc.property(box(), box(), (a, b) => {
        const value = iou(a, b);
        expect(value).toBe(iou(b, a));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("does not change when both boxes grow eightfold", () => {
    fc.assert(
      fc.property(box(), box(), (a, b) => {
        const grow = ([x1, y1, x2, y2]: typeof a) => [x1 * 8, y1 * 8, x2 * 8, y2 * 8] as const;
        expect(iou(grow(a), grow(b))).toBe(iou(a, b)); // exact: 8 is a power of two
      }),
    );
  });
});
