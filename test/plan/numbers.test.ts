import fc from "fast-check";
import { expect, it } from "vitest";
import { lcm, nearestMultiples, nearestOf } from "../../src/plan/nearest-numbers.ts";
import { seconds } from "../../src/recipe/duration.ts";

it.each([
  ["00:00:30", 30],
  ["24:00:00", 86_400],
  ["100:00:00", 360_000],
  ["1-02:00:30", 93_630],
])("reads %s", (text, expected) => expect(seconds(text)).toBe(expected));

it.each([
  [256, 48, [240, 288]],
  [256, 64, [256]],
  [10, 48, [48]],
  [72, 48, [48, 96]], // equally near: the lower first
  [95, 48, [96, 48]],
])("finds next to %d the multiples of %d: %j", (value, unit, expected) => {
  expect(nearestMultiples(value, unit)).toEqual(expected);
});

it("names no multiple that is further than another", () => {
  const number = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(number, number, (value, unit) => {
      const found = nearestMultiples(value, unit);
      const all = Array.from({ length: value + 1 }, (_, i) => (i + 1) * unit);
      const least = Math.min(...all.map((one) => Math.abs(one - value)));
      expect(Math.abs(found[0]! - value)).toBe(least);
      for (const one of found) expect(one % unit).toBe(0);
    }),
    { numRuns: 50 },
  );
});

it("finds the least number that both divide", () => {
  expect([lcm(48, 8), lcm(12, 8), lcm(7, 5)]).toEqual([48, 24, 35]);
});

it("gives the two nearest of a list", () => {
  expect(nearestOf(6, [1, 2, 4, 8])).toEqual([4, 8]);
  expect(nearestOf(6, [])).toEqual([]);
});
