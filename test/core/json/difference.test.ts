import { describe, expect, it } from "vitest";
import { firstDifference } from "../../../src/core/json/difference.ts";

describe("firstDifference", () => {
  it.each([
    [
      { a: 1, b: { c: "x" } },
      { a: 1, b: { c: "y" } },
      { at: "b.c", before: "x", now: "y" },
    ],
    [{ a: [1, 2] }, { a: [1, 3] }, { at: "a.1", before: "2", now: "3" }],
    [{ a: 1 }, { a: 1, b: true }, { at: "b", before: "undefined", now: "true" }],
    [{ a: 1, b: null }, { a: 1 }, { at: "b", before: "null", now: "undefined" }],
  ])("of %o and %o", (before, now, difference) => {
    expect(firstDifference(before, now)).toEqual(difference);
  });

  it("is none where keys only stand in another order", () => {
    expect(firstDifference({ a: 1, b: { c: 2, d: [] } }, { b: { d: [], c: 2 }, a: 1 })).toBe(
      undefined,
    );
  });
});
