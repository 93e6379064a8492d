import { setTimeout as delay } from "node:timers/promises";
import { SggError } from "../errors.ts";
import { orAbort } from "./or-abort.ts";

/** Asks once whether something is ready: true, or in words why not yet. */
export type Probe = (signal: AbortSignal) => Promise<true | string>;

/** How to wait. */
export interface Waiting {
  /** Name of what is waited for, as the error shows it. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  /** Ends the waiting at once, with its reason; for a role it is the signal of the run. */
  readonly signal?: AbortSignal;
  /** Hears the probe's answer whenever it changes. */
  readonly onWait?: (why: string) => void;
}

/**
 * Asks a probe until it says true. A probe that hangs does not hold up the deadline or the signal.
 *
 * @throws {SggError} LAUNCH when the time is up, with the probe's last answer; the signal's reason
 */
export async function waitUntilReady(probe: Probe, waiting: Waiting): Promise<void> {
  const { what, timeoutMs, intervalMs = 250, onWait } = waiting;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const stop = AbortSignal.any([deadline.signal, ...(waiting.signal ? [waiting.signal] : [])]);
  let last = "no answer yet";
  try {
    while (!stop.aborted) {
      const answer = await orAbort(probe(stop), stop).catch((cause: unknown) => {
        if (stop.aborted) return last;
        throw cause;
      });
      if (answer === true) return;
      if (stop.aborted) break; // what a probe says when it was cut off is no answer
      if (answer !== last) onWait?.(answer);
      last = answer;
      await delay(intervalMs, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    clearTimeout(timer);
  }
  waiting.signal?.throwIfAborted();
  const seconds = timeoutMs / 1000;
  throw new SggError(
    "LAUNCH",
    `Cannot use "${what}": ${last}, expected it ready within ${seconds} s`,
  );
}

/** A probe that is satisfied by a 2xx answer to GET. One try takes at most 5 s. */
export const httpProbe =
  (url: string): Probe =>
  async (signal) => {
    try {
      const answer = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
      });
      await answer.body?.cancel();
      return answer.ok || `${url} answers ${answer.status}`;
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      if (cause.name === "TimeoutError") return `${url} does not answer`;
      return `${url}: ${describeFetchFault(cause)}`;
    }
  };

/** `fetch` says only "fetch failed"; its cause has the word. */
const describeFetchFault = (error: Error): string => {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause ? String(cause.code) : cause.message;
};
