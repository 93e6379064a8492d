import munkres from "munkres-js";
import { isSolvable, type Solver } from "./solver.ts";

/**
 * The solver of the package `munkres-js`, fenced in.
 *
 * It finds the same least cost, and among equal costs another assignment than SciPy, so that edge
 * rewards of repeated objects differ from the reference's; and it is slower by far. By itself it never
 * returns on NaN, -Infinity or a row of +Infinity, and fails on an empty matrix: here it meets
 * finite numbers only, and no more than a server has time for.
 *
 * Range: `undefined` also where a single cost is +Infinity
 */
export const munkresJs: Solver = {
  name: "munkres-js",
  maxSide: 128,
  assign: (cost, rows, columns) => {
    if (!isSolvable(cost) || cost.includes(Number.POSITIVE_INFINITY)) return undefined;
    const assigned = new Int32Array(rows).fill(-1);
    if (rows === 0 || columns === 0) return assigned;
    const matrix = Array.from({ length: rows }, (_, row) =>
      Array.from(cost.subarray(row * columns, (row + 1) * columns)),
    );
    for (const [row, column] of munkres(matrix)) assigned[row] = column;
    return assigned;
  },
};
