/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/**
 * The 95 % interval of a share, from how often it was so.
 *
 * Range:  [0, 1], the lower end first
 * Errors: RangeError for counts that are none
 * Source: E. B. Wilson, 1927, score interval
 *
 * @example
 * wilson(50, 200); // [0.1951, 0.3145]
 */
export function wilson(hits: number, of: number): readonly [number, number] {
  if (!(Number.isInteger(hits) && hits >= 0 && Number.isInteger(of) && of > 0 && hits <= of))
    throw new RangeError(`no counts: ${hits} of ${of}`);
  if (hits === of) return [of / (of + z ** 2), 1];
  const share = hits / of;
  const centre = share + z ** 2 / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}
