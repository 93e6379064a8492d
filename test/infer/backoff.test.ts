import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fullJitter } from "../../src/infer/backoff.ts";

const backoff = { baseMs: 500, mostMs: 30_000 };

describe("fullJitter", () => {
  it("draws from twice as much after each failure, up to the most", () => {
    const half = (failures: number) => fullJitter(failures, backoff, () => 0.5);
    expect([1, 2, 3, 6, 7, 8, 60].map(half)).toEqual([
      250, 500, 1000, 8000, 15_000, 15_000, 15_000,
    ]);
  });

  it("is anything from nothing to the bound", () => {
    const drawn = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), drawn, (failures, value) => {
        const wait = fullJitter(failures, backoff, () => value);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(Math.min(30_000, 500 * 2 ** Math.min(failures - 1, 30)));
      }),
    );
    expect(fullJitter(3, backoff, () => 0)).toBe(0);
  });
});
