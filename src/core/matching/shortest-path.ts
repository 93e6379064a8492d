import { checkTime, type IsOver } from "../limits.ts";
import { isSolvable, type Solver } from "./solver.ts";

/**
 * Rectangular shortest augmenting paths, with SciPy's order among equal costs.
 *
 * With repeated objects many assignments cost the same, and the edge reward depends on which one
 * is taken; so the order in which columns are looked at is part of the behaviour, not a detail.
 *
 * Unit:   time O(min(rows, columns)² · max(rows, columns))
 * Errors: OverLimit when the time is up
 * Source: D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE TAES 52(4),
 *   2016; order of ties: SciPy 1.17 `linear_sum_assignment`
 *
 * @example
 * shortestPath.assign(Float64Array.of(1, 2, 1, 1), 2, 2); // [0, 1]
 */
export const shortestPath: Solver = {
  name: "exact",
  assign: (cost, rows, columns, isOver = () => false) => {
    if (!isSolvable(cost)) return undefined;
    if (rows <= columns) return assignWide(cost, rows, columns, isOver);
    const columnRows = assignWide(transpose(cost, rows, columns), columns, rows, isOver);
    return columnRows && invert(columnRows, rows);
  },
};

function transpose(cost: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(cost.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      turned[column * rows + row] = cost[row * columns + column]!;
    }
  }
  return turned;
}

function invert(assigned: Int32Array, length: number): Int32Array {
  const inverse = new Int32Array(length).fill(-1);
  for (const [from, to] of assigned.entries()) inverse[to] = from;
  return inverse;
}

/** For rows <= columns: every row gets a column, one augmenting path after the other. */
function assignWide(
  cost: Float64Array,
  rows: number,
  columns: number,
  isOver: IsOver,
): Int32Array | undefined {
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  const columnOfRow = new Int32Array(rows).fill(-1);
  const rowOfColumn = new Int32Array(columns).fill(-1);
  const distance = new Float64Array(columns);
  const previousRow = new Int32Array(columns).fill(-1);
  const seenRow = new Uint8Array(rows);
  const seenColumn = new Uint8Array(columns);
  const open = new Int32Array(columns);

  /** Grows the tree of shortest paths from a row to the nearest column that is free. */
  const findPath = (start: number): { readonly end: number; readonly length: number } => {
    // Descending, so that a constant matrix gives the identity.
    for (let i = 0; i < columns; i += 1) open[i] = columns - 1 - i;
    distance.fill(Number.POSITIVE_INFINITY);
    seenRow.fill(0);
    seenColumn.fill(0);
    let openCount = columns;
    let row = start;
    let length = 0;
    for (;;) {
      seenRow[row] = 1;
      const offset = row * columns;
      const price = rowPrice[row]!;
      let nearest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < openCount; i += 1) {
        const column = open[i]!;
        const reached = length + cost[offset + column]! - price - columnPrice[column]!;
        if (reached < distance[column]!) {
          distance[column] = reached;
          previousRow[column] = row;
        }
        const far = distance[column]!;
        // Of equally near columns the last free one ends the search soonest.
        if (far < least || (far === least && rowOfColumn[column] === -1)) {
          least = far;
          nearest = i;
        }
      }
      length = least;
      if (length === Number.POSITIVE_INFINITY) return { end: -1, length };
      const column = open[nearest]!;
      seenColumn[column] = 1;
      if (rowOfColumn[column] === -1) return { end: column, length };
      row = rowOfColumn[column]!;
      openCount -= 1;
      open[nearest] = open[openCount]!;
    }
  };

  /** Keeps every reduced cost at 0 or more, and at 0 along the tree. */
  const updatePrices = (start: number, length: number): void => {
    rowPrice[start] = rowPrice[start]! + length;
    for (let row = 0; row < rows; row += 1) {
      if (seenRow[row] === 0 || row === start) continue;
      rowPrice[row] = rowPrice[row]! + (length - distance[columnOfRow[row]!]!);
    }
    for (let column = 0; column < columns; column += 1) {
      if (seenColumn[column] === 0) continue;
      columnPrice[column] = columnPrice[column]! - (length - distance[column]!);
    }
  };

  /** Turns the path around: each row on it takes the column that led to it. */
  const augment = (start: number, end: number): void => {
    let column = end;
    for (;;) {
      const row = previousRow[column]!;
      rowOfColumn[column] = row;
      const next = columnOfRow[row]!;
      columnOfRow[row] = column;
      if (row === start) return;
      column = next;
    }
  };

  for (let start = 0; start < rows; start += 1) {
    checkTime(isOver);
    const { end, length } = findPath(start);
    if (end < 0) return undefined;
    updatePrices(start, length);
    augment(start, end);
  }
  return columnOfRow;
}
