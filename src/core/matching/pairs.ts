import { type IsOver, OverLimit } from "../limits.ts";
import type { Solver } from "./solver.ts";

/** A prediction and the target that it was given, by their places in their lists. */
export interface Pair {
  readonly predicted: number;
  readonly target: number;
}

/**
 * What a row of padding costs, so that every target gets somebody.
 *
 * Source: R1-SGG e4de64d `bi_match`
 */
const padding = 1e5;

/**
 * The pairs of least total cost, in the order of predictions.
 *
 * When there are fewer predictions than targets, rows of padding take what is left over.
 *
 * Shape:  `cost` is predictions × targets, row by row
 * Range:  `undefined` where the solver finds no assignment, as SciPy raises ValueError
 * Errors: OverLimit when the time is up, or the solver does not take so many
 * Source: R1-SGG e4de64d `bi_match`, `edge_reward`
 */
export function leastCostPairs(
  cost: Float64Array,
  predictions: number,
  targets: number,
  solver: Solver,
  isOver: IsOver,
): readonly Pair[] | undefined {
  const rows = Math.max(predictions, targets);
  if (rows > (solver.maxSide ?? rows)) {
    throw new OverLimit(`${rows} objects to match, ${solver.name} takes at most ${solver.maxSide}`);
  }
  const padded = predictions < targets ? new Float64Array(rows * targets).fill(padding) : cost;
  if (padded !== cost) padded.set(cost);
  const columns = solver.assign(padded, rows, targets, isOver);
  if (columns === undefined) return undefined;
  const pairs: Pair[] = [];
  for (let predicted = 0; predicted < predictions; predicted += 1) {
    const target = columns[predicted]!;
    if (target >= 0) pairs.push({ predicted, target });
  }
  return pairs;
}
