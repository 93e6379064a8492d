import type { IsOver } from "../limits.ts";

/**
 * Finds an assignment of least total cost: each row gets at most one column, each column one row.
 *
 * Shape:  `cost` is rows × columns, row by row; the answer has the column of each row, -1 for none,
 *   and min(rows, columns) entries that are not -1
 * Range:  `undefined` when there is none: a cost is NaN or -Infinity, or too many are +Infinity
 */
export interface Solver {
  readonly name: string;
  /** Largest number of rows or columns that it takes, where more would hold up a server. */
  readonly maxSide?: number;
  readonly assign: (
    cost: Float64Array,
    rows: number,
    columns: number,
    isOver?: IsOver,
  ) => Int32Array | undefined;
}

/**
 * Whether a solver can be asked at all.
 *
 * Source: SciPy 1.17 `linear_sum_assignment`, which raises ValueError for NaN and -Infinity
 */
export const isSolvable = (cost: Float64Array): boolean =>
  cost.every((value) => value > Number.NEGATIVE_INFINITY);
