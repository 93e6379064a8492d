import type { Failure } from "./attempt.ts";
import type { Backoff } from "./backoff.ts";
import { afterFailure, type Health, well } from "./health.ts";

/** A server at work: what it has under way, how it fares, and what came of it. */
export interface Hand<Server> {
  readonly server: Server;
  health: Health;
  underWay: number;
  answered: number;
  /** Tries that failed and were made again, here or elsewhere. */
  failures: number;
}

/** How many failures in a row make a server one that is out, and that people are told of. */
const outAfter = 3;

/** A server that has not been asked yet; `found` is why it cannot be, where that is known. */
export const newHand = <Server>(server: Server, found: string | undefined, now: number) => ({
  server,
  health:
    found === undefined ? well : { failures: outAfter, since: now, until: now, found, gone: false },
  underWay: 0,
  answered: 0,
  failures: 0,
});

/** How many questions a server may have under way: one while it is not well, none while it rests. */
const roomOf = ({ health, underWay }: Hand<unknown>, concurrency: number, now: number): number => {
  if (health.gone || now < health.until) return 0;
  return (health.failures > 0 ? 1 : concurrency) - underWay;
};

/** The server that has the least under way of those that may be asked. */
export function freest<Server>(
  hands: readonly Hand<Server>[],
  concurrency: number,
  now: number,
): Hand<Server> | undefined {
  const free = hands.filter((hand) => roomOf(hand, concurrency, now) > 0);
  return free.toSorted((a, b) => a.underWay - b.underWay)[0];
}

/** Notes an answer. Gives what to tell people, if anything. */
export function noteAnswer(hand: Hand<unknown>): string | undefined {
  const wasOut = hand.health.failures >= outAfter;
  hand.health = well;
  return wasOut ? "answers again" : undefined;
}

/** Notes a failed try. Gives what to tell people, if anything. */
export function noteFailure(
  hand: Hand<unknown>,
  { message, waitMs, kind }: Failure,
  times: { readonly askedAt: number; readonly now: number },
  backoff: Backoff,
): string | undefined {
  const before = hand.health;
  const setback = { found: message, waitMs, forGood: kind === "barred", ...times };
  hand.health = afterFailure(before, setback, backoff);
  hand.failures += 1;
  const { failures, gone, until } = hand.health;
  if (gone) return before.gone ? undefined : `${message}: not asked any more`;
  if (failures === before.failures) return undefined;
  if (failures === outAfter) return `${message}: out until it answers again`;
  if (failures > outAfter) return undefined;
  return `${message}: asked again in ${((until - times.now) / 1000).toFixed(1)} s`;
}

/** When something changes by time alone: one may be asked again, or has been waited for enough. */
export const nextTime = (
  hands: readonly Hand<unknown>[],
  patienceMs: number,
  now: number,
): number | undefined => {
  const times = hands
    .filter(({ health }) => !health.gone && health.failures > 0)
    .flatMap(({ health }) => [health.until, health.since + patienceMs])
    .filter((time) => time > now);
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Whether none of them is worth waiting for. */
export const allLost = (
  hands: readonly Hand<unknown>[],
  patienceMs: number,
  now: number,
): boolean =>
  hands.every(
    ({ health }) => health.gone || (health.failures > 0 && now - health.since >= patienceMs),
  );
