import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarise } from "../../../src/core/statistics/summary.ts";

describe("summarise", () => {
  it("gives the hand-worked figures", () => {
    expect(summarise([9, 2, 1, 2])).toMatchObject({
      ...{ total: 14, mean: 3.5, least: 1, median: 2, p95: 9, most: 9 },
    });
    expect(summarise(Array.from({ length: 100 }, (_, at) => at + 1))).toMatchObject({
      ...{ median: 50, p95: 95, most: 100 },
    });
  });

  it("bins whole numbers one by one, and many in steps of 1, 2 or 5", () => {
    expect(summarise([3, 1, 3]).bins).toEqual([
      { from: 1, to: 2, rows: 1 },
      { from: 2, to: 3, rows: 0 },
      { from: 3, to: 4, rows: 2 },
    ]);
    const { bins } = summarise([0, 3, 199]);
    expect([bins[0], bins.at(-1)]).toEqual([
      { from: 0, to: 10, rows: 2 },
      { from: 190, to: 200, rows: 1 },
    ]);
  });

  it("is all zero for nothing, and refuses what is not finite", () => {
    expect(summarise([])).toEqual({
      ...{ total: 0, mean: 0, least: 0, median: 0, p95: 0, most: 0, bins: [] },
    });
    expect(() => summarise([1, Number.NaN])).toThrow(RangeError);
    expect(() => summarise([1, Number.POSITIVE_INFINITY])).toThrow(RangeError);
  });

  it("has every value in a bin, in at most 41 of one width, and quantiles that are values", () => {
    const values = fc.array(fc.integer({ min: -500, max: 100_000 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, (list) => {
        const { bins, median, p95, least, most } = summarise(list);
        expect(bins.length).toBeLessThanOrEqual(41);
        for (const { from, to, rows } of bins)
          expect(list.filter((value) => value >= from && value < to)).toHaveLength(rows);
        expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(list.length);
        expect(list).toEqual(expect.arrayContaining([median, p95]));
        expect(list.filter((value) => value <= median).length).toBeGreaterThanOrEqual(
          list.length / 2,
        );
        expect([least, most]).toEqual([Math.min(...list), Math.max(...list)]);
      }),
    );
  });
});
