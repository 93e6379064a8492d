import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanInterval } from "../../../src/core/statistics/mean-interval.ts";

describe("meanInterval", () => {
  it("gives the hand-worked interval of three values: 2 ± 4.303 / √3", () => {
    const { count, mean, interval } = meanInterval([1, 2, 3]);
    expect([count, mean]).toEqual([3, 2]);
    expect(interval![0]).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 12);
    expect(interval![1]).toBeCloseTo(4.484, 3);
  });

  it("gives the hand-worked interval of two values: 1 ± 12.706 · √2 / √2", () => {
    expect(meanInterval([0, 2]).interval![1]).toBeCloseTo(1 + 12.706, 12);
  });

  it("gives no interval for one value, and a point for equal ones", () => {
    expect(meanInterval([5])).toEqual({ count: 1, mean: 5, interval: null });
    expect(meanInterval([5, 5, 5])).toEqual({ count: 3, mean: 5, interval: [5, 5] });
  });

  it("holds the true mean of 19 in 20 samples, more or less", () => {
    let held = 0;
    let state = 1;
    const uniform = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    for (let i = 0; i < 4000; i++) {
      // twelve uniforms are nearly a normal number around 0
      const sample = Array.from({ length: 4 }, () =>
        Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6),
      );
      const [low, high] = meanInterval(sample).interval!;
      if (low <= 0 && 0 <= high) held++;
    }
    expect(held / 4000).toBeGreaterThan(0.94);
    expect(held / 4000).toBeLessThan(0.96);
  });

  it("moves with its values and lies around their mean", () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(numbers, fc.integer({ min: -50, max: 50 }), (values, by) => {
        const one = meanInterval(values);
        const moved = meanInterval(values.map((value) => value + by));
        expect(moved.mean).toBeCloseTo(one.mean + by, 6);
        expect(moved.interval![0]).toBeCloseTo(one.interval![0] + by, 6);
        expect((one.interval![0] + one.interval![1]) / 2).toBeCloseTo(one.mean, 6);
      }),
    );
  });

  it.each([[[]], [[1, Number.NaN]]])("refuses %j", (values) => {
    expect(() => meanInterval(values)).toThrow(RangeError);
  });
});
