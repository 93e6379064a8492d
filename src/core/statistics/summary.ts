/** How many values lie from `from` to below `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** What a list of numbers is like. */
export interface Summary {
  readonly total: number;
  readonly mean: number;
  readonly least: number;
  readonly median: number;
  /** 95 of 100 values are no larger. */
  readonly p95: number;
  readonly most: number;
  readonly bins: readonly Bin[];
}

/**
 * What a list of numbers is like: total, mean, order statistics, and a histogram.
 *
 * Shape:  bins of one width (1, 2 or 5 times a power of ten), at most 40, without gaps, the first
 *         with the least value in it and the last with the largest.
 * Unit:   that of the values.
 * Range:  the median of an even number is the lower of the two in the middle: a value of the list.
 *         Of an empty list all figures are 0, with no bins.
 * Errors: RangeError for a value that is not finite.
 * Source: nearest-rank definition of quantiles
 *
 * @example
 * summarise([1, 2, 2, 9]); // { total: 14, mean: 3.5, least: 1, median: 2, p95: 9, most: 9, bins: … }
 */
export function summarise(values: readonly number[]): Summary {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0)
    return { total: 0, mean: 0, least: 0, median: 0, p95: 0, most: 0, bins: [] };
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (!Number.isFinite(most - least)) throw new RangeError(`not finite: ${least} or ${most}`);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  const mean = total / sorted.length;
  return { total, mean, least, median: rank(0.5), p95: rank(0.95), most, bins: binsOf(sorted) };
}

const mostBins = 40;

function binsOf(sorted: Float64Array): readonly Bin[] {
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const step = niceStep((most - least) / (mostBins - 1));
  const first = Math.floor(least / step);
  const counts = Array.from({ length: Math.floor(most / step) - first + 1 }, () => 0);
  for (const value of sorted) counts[Math.floor(value / step) - first]! += 1;
  return counts.map((rows, at) => ({
    from: (first + at) * step,
    to: (first + at + 1) * step,
    rows,
  }));
}

/** The next step of 1, 2 or 5 times a power of ten; 1 at least, for what is counted is whole. */
function niceStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}
