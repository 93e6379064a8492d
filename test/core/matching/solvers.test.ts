import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OverLimit } from "../../../src/core/limits.ts";
import { munkresJs } from "../../../src/core/matching/munkres-js.ts";
import { shortestPath } from "../../../src/core/matching/shortest-path.ts";

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly cost: Float64Array;
}

const matrixOf = (value: fc.Arbitrary<number>, largest: number): fc.Arbitrary<Matrix> =>
  fc
    .tuple(fc.integer({ min: 0, max: largest }), fc.integer({ min: 0, max: largest }))
    .chain(([rows, columns]) =>
      fc
        .array(value, { minLength: rows * columns, maxLength: rows * columns })
        .map((cost) => ({ rows, columns, cost: Float64Array.from(cost) })),
    );

const real = fc.double({ min: -10, max: 10, noNaN: true });
/** Few different costs, so that many assignments are equally good. */
const tied = fc.integer({ min: 0, max: 2 });

const total = ({ cost, columns }: Matrix, assigned: Int32Array): number =>
  assigned.reduce(
    (sum, column, row) => (column < 0 ? sum : sum + cost[row * columns + column]!),
    0,
  );

/** The least cost by trying everything. */
function leastByHand({ rows, columns, cost }: Matrix): number {
  if (rows > columns) {
    const turned = Float64Array.from({ length: cost.length }, (_, at) => {
      const [column, row] = [Math.floor(at / rows), at % rows];
      return cost[row * columns + column]!;
    });
    return leastByHand({ rows: columns, columns: rows, cost: turned });
  }
  const from = (row: number, free: readonly number[]): number =>
    row === rows
      ? 0
      : Math.min(
          ...free.map(
            (column) =>
              cost[row * columns + column]! +
              from(
                row + 1,
                free.filter((c) => c !== column),
              ),
          ),
        );
  return from(0, [...Array(columns).keys()]);
}

describe.each([shortestPath, munkresJs])("$name", (solver) => {
  it("gives each row at most one column, and as many as there can be", () => {
    fc.assert(
      fc.property(matrixOf(fc.oneof(real, tied), 9), (matrix) => {
        const assigned = solver.assign(matrix.cost, matrix.rows, matrix.columns)!;
        const taken = [...assigned].filter((column) => column >= 0);
        expect(assigned).toHaveLength(matrix.rows);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken).toHaveLength(Math.min(matrix.rows, matrix.columns));
      }),
    );
  });

  it("costs the least of all assignments, as an exhaustive search finds it", () => {
    fc.assert(
      fc.property(matrixOf(fc.oneof(real, tied), 6), (matrix) => {
        const assigned = solver.assign(matrix.cost, matrix.rows, matrix.columns)!;
        expect(total(matrix, assigned)).toBeCloseTo(leastByHand(matrix), 9);
      }),
    );
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])("finds none where a cost is %d", (value) => {
    expect(solver.assign(Float64Array.of(1, 2, value, 3), 2, 2)).toBeUndefined();
  });

  it("finds none where a row has infinite costs alone", () => {
    const never = Number.POSITIVE_INFINITY;
    expect(solver.assign(Float64Array.of(never, never, 1, 2), 2, 2)).toBeUndefined();
  });
});

it("both solvers agree on the least cost of matrices up to 40 by 40", () => {
  fc.assert(
    fc.property(matrixOf(fc.oneof(real, tied), 40), (matrix) => {
      const [exact, munkres] = [shortestPath, munkresJs].map((solver) =>
        total(matrix, solver.assign(matrix.cost, matrix.rows, matrix.columns)!),
      );
      expect(munkres).toBeCloseTo(exact!, 7);
    }),
    { numRuns: 60 },
  );
});

describe("exact", () => {
  // As SciPy 1.17.1 `linear_sum_assignment` answers; the live comparison is in the differential test.
  it.each([
    ["a constant matrix", [1, 1, 1, 1], 2, 2, [0, 1]],
    ["a constant wide one", [1, 1, 1, 1, 1, 1], 2, 3, [0, 1]],
    ["a constant high one", [1, 1, 1, 1, 1, 1], 3, 2, [0, 1, -1]],
    ["a square with ties", [1, 1, 0, 0, 0, 0, 1, 1, 0], 3, 3, [2, 0, 1]],
    ["a wide one with ties", [0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0], 3, 4, [0, 1, 3]],
    ["a high one with ties", [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0], 4, 3, [0, -1, 1, 2]],
    ["an infinite cost beside a finite one", [Number.POSITIVE_INFINITY, 1, 1, 5], 2, 2, [1, 0]],
  ])("chooses as SciPy does in %s", (_, cost, rows, columns, expected) => {
    expect([...shortestPath.assign(Float64Array.from(cost), rows, columns)!]).toEqual(expected);
  });

  it("stops when the time is up", () => {
    expect(() => shortestPath.assign(Float64Array.of(1, 2, 3, 4), 2, 2, () => true)).toThrow(
      OverLimit,
    );
  });
});
