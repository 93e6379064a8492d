import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { giou } from "../../../src/core/geometry/giou.ts";
import { l1 } from "../../../src/core/geometry/l1.ts";
import { box } from "../../helpers/arbitraries.ts";

describe("giou", () => {
  it.each([
    ["equal boxes", [0, 0, 2, 2], [0, 0, 2, 2], 1],
    ["half apart", [0, 0, 2, 2], [1, 0, 3, 2], 1 / 3],
    ["a gap of one box", [0, 0, 1, 1], [2, 0, 3, 1], -1 / 3],
    ["two points", [1, 1, 1, 1], [1, 1, 1, 1], 0],
    ["one axis inverted", [0, 0, 1, 1], [1, 0, 0, 1], 0],
    ["areas that do not cancel", [0, 0, 2, 1], [1, 0, 0, 1], -0.5],
  ] as const)("gives the hand-worked value for %s", (_, a, b, expected) => {
    expect(giou(a, b)).toBeCloseTo(expected, 12);
  });

  it("is NaN where the enclosing box has no area but the union has, and with a NaN", () => {
    expect(giou([0, 0, 1, 0], [0, 1, 1, 0])).toBe(Number.NaN);
    expect(giou([0, 0, Number.NaN, 1], [0, 0, 1, 1])).toBe(Number.NaN);
  });

  it("is symmetric, above -1 and at most 1", () => {
    fc.assert(
      fc.property(box(), box(), (a, b) => {
        const value = giou(a, b);
        expect(value).toBe(giou(b, a));
        expect(value).toBeGreaterThanOrEqual(-1);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("l1", () => {
  it("adds the four differences", () => {
    expect(l1([0, 0, 1, 1], [0.5, 0, 1, 0.75])).toBe(0.75);
    expect(l1([1, 2, 3, 4], [0, 4, 3, 1])).toBe(6);
  });
});
