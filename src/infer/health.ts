import { type Backoff, fullJitter } from "./backoff.ts";

/** How a server has fared lately; times are of one clock, in milliseconds. */
export interface Health {
  /** Failures in a row; while there are any it is asked one question at a time. */
  readonly failures: number;
  /** When the first of them was seen. */
  readonly since: number;
  /** It is left alone until then. */
  readonly until: number;
  /** What was found last; absent while it is well. */
  readonly found?: string;
  /** It is not asked any more. */
  readonly gone: boolean;
}

/** What went wrong, and when the question had been put. */
export interface Setback {
  readonly found: string;
  /** The server wants to be left alone for so long. */
  readonly waitMs: number;
  /** No question of ours will do there. */
  readonly forGood: boolean;
  readonly askedAt: number;
  readonly now: number;
}

/** A server that answers. */
export const well: Health = { failures: 0, since: 0, until: 0, gone: false };

/**
 * A server's health after a failure.
 *
 * Questions that were under way together when it failed count as one failure: what they show is one
 * thing.
 *
 * Unit:   milliseconds.
 */
export function afterFailure(
  health: Health,
  { found, waitMs, forGood, askedAt, now }: Setback,
  backoff: Backoff,
  random: () => number = Math.random,
): Health {
  const together = health.failures > 0 && askedAt < health.since;
  const failures = together ? health.failures : health.failures + 1;
  const wait = Math.max(waitMs, together ? 0 : fullJitter(failures, backoff, random));
  return {
    failures,
    since: health.failures === 0 ? now : health.since,
    until: Math.max(health.until, now + wait),
    found,
    gone: health.gone || forGood,
  };
}
