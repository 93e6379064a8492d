import { type MeanInterval, meanInterval } from "../../core/statistics/mean-interval.ts";

/** Within what a measured figure counts as the paper's. */
export interface Tolerance {
  readonly points: number;
  readonly share: number;
}

/** What became of a cell: `cited` is not ours to measure, `unprinted` has no number in the paper. */
export type Verdict =
  | "reproduced"
  | "differs"
  | "unprinted"
  | "running"
  | "failed"
  | "not run"
  | "cited";

/** A measured figure beside the paper's. */
export interface Measured extends MeanInterval {
  /** Ours minus the paper's, of the figures as they are printed; null where the paper prints none. */
  readonly difference: number | null;
  readonly verdict: "reproduced" | "differs" | "unprinted";
}

/**
 * Sets measurements beside the paper's figure.
 *
 * Reproduced is what lies within the larger of `points` and `share` of the paper's figure; with several
 * seeds half of their interval is added. The paper has no error bars: where it prints one model twice,
 * its own figures differ by up to 0.21 points.
 */
export function judge(
  values: readonly number[],
  paper: number | null,
  tolerance: Tolerance,
): Measured {
  const mean = meanInterval(values);
  if (paper === null) return { ...mean, difference: null, verdict: "unprinted" };
  const difference = Number((Number(mean.mean.toFixed(2)) - paper).toFixed(2));
  const half = mean.interval ? (mean.interval[1] - mean.interval[0]) / 2 : 0;
  const bound = Math.max(tolerance.points, tolerance.share * paper) + half;
  return { ...mean, difference, verdict: Math.abs(difference) <= bound ? "reproduced" : "differs" };
}

/** The policy in words, for under a table. */
export const toleranceText = ({ points, share }: Tolerance): string =>
  `✓ reproduced, ✗ differs: the bound is ${points} points or ${100 * share} % of the paper's figure, whichever is more, and with several seeds half their 95 % interval on top. The paper has no error bars; where it prints one model twice its figures differ by up to 0.21.`;
