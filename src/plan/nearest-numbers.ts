/** The greatest number that divides both. */
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The least number that both divide. */
export const lcm = (a: number, b: number): number => (a / gcd(a, b)) * b;

/**
 * The multiples of a unit next to a number, the nearest first, of two equally near the lower.
 *
 * Range: one or two numbers above 0; the number alone where it is a multiple itself
 *
 * @example
 * nearestMultiples(256, 48); // [240, 288]
 */
export function nearestMultiples(value: number, unit: number): readonly number[] {
  const below = Math.floor(value / unit) * unit;
  if (below === value) return [value];
  const above = below + unit;
  if (below === 0) return [above];
  return value - below <= above - value ? [below, above] : [above, below];
}

/** Those of the candidates that are nearest to a number, the nearest first, the lower of two equals. */
export const nearestOf = (value: number, candidates: readonly number[]): readonly number[] =>
  candidates.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value) || a - b).slice(0, 2);
