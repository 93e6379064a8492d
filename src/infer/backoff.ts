/** How waits grow from failure to failure. */
export interface Backoff {
  /** The longest wait after the first failure; doubles with each one after it. */
  readonly baseMs: number;
  readonly mostMs: number;
}

/** Half a second, up to half a minute. */
export const usualBackoff: Backoff = { baseMs: 500, mostMs: 30_000 };

/**
 * How long to wait after so many failures in a row: anything up to a bound that doubles.
 *
 * The whole wait is drawn, so that clients which failed together do not come back together.
 *
 * Unit:   milliseconds.
 * Range:  from 0 to below `baseMs · 2^(failures - 1)`, at most `mostMs`.
 */
export const fullJitter = (
  failures: number,
  { baseMs, mostMs }: Backoff,
  random: () => number = Math.random,
): number => random() * Math.min(mostMs, baseMs * 2 ** (failures - 1));
