/**
 * A number rounded to four decimals as Python's `round(x, 4)` does it: exactly, ties to even.
 *
 * `toFixed` is exact too, but takes ties away from zero. A double lies half-way between two numbers of
 * four decimals only if it is an odd multiple of 1/32.
 *
 * Errors: none
 * Source: R1-SGG e4de64d rounds the failure rate and each predicate's recall so
 *
 * @example
 * round4(0.03125); // 0.0312
 */
export function round4(value: number): number {
  if (Math.abs(value * 32) % 2 !== 1) return Number(value.toFixed(4));
  const below = Math.floor(value * 1e4);
  return (below % 2 === 0 ? below : below + 1) / 1e4;
}
