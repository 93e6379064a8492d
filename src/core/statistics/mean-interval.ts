/** The 97.5 % points of Student's t for 1, 2, … 30 degrees of freedom. */
const students = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** A mean with the 95 % interval in which the true one lies; null where one value says nothing of it. */
export interface MeanInterval {
  readonly count: number;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/**
 * The mean of a few measurements, and its interval by Student's t.
 *
 * Errors: RangeError without values, or with one that is not finite
 *
 * @example
 * meanInterval([1, 2, 3]); // mean 2, interval 2 ± 4.303 · 1 / √3, that is [-0.484, 4.484]
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  if (count === 0 || !values.every(Number.isFinite))
    throw new RangeError(`expected finite numbers, got [${values.join(", ")}]`);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, interval: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Above 30 the point of 30 is taken, which is a little wide.
  const t = students[Math.min(count - 1, students.length) - 1]!;
  const half = (t * Math.sqrt(squares / (count - 1))) / Math.sqrt(count);
  return { count, mean, interval: [mean - half, mean + half] };
}
