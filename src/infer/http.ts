import { setTimeout as sleep } from "node:timers/promises";
import { SggError } from "../errors.ts";
import { type AttemptOptions, attempt, Failure } from "./attempt.ts";
import { fullJitter, usualBackoff } from "./backoff.ts";

/** How a request is made. */
export interface RequestOptions extends AttemptOptions {
  /** Tries in all; what a second try cannot mend is not tried again. */
  readonly tries?: number;
  /** Told of every try that failed and will be made again. */
  readonly say?: (text: string) => void;
  /** The longest wait after the first failure; doubles each time. */
  readonly backoffMs?: number;
}

/** `Retry-After` is kept to up to this; a server that wants more is given up earlier. */
const longestWaitMs = 60_000;

/**
 * Asks one server, again after what may pass: connection errors, 408, 425, 429, 5xx, an answer that
 * is cut off, does not come, or is refused by `read`, which throws a SyntaxError.
 *
 * Errors: SggError LAUNCH that names the server, its status and what it said; the reason of `signal`
 * when that is aborted.
 */
export async function request<T>(
  url: string,
  body: unknown,
  read: (text: string) => T,
  options: RequestOptions,
): Promise<T> {
  const { signal, tries = 5, say, backoffMs = usualBackoff.baseMs } = options;
  const backoff = { ...usualBackoff, baseMs: backoffMs };
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt(url, body, read, options);
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      if (!cause.mayPass || failures >= tries) throw gaveUp(url, cause, failures);
      const waitMs = Math.max(Math.min(cause.waitMs, longestWaitMs), fullJitter(failures, backoff));
      say?.(
        `${url} ${cause.message}; trying again in ${(waitMs / 1000).toFixed(1)} s (${failures + 1} of ${tries})`,
      );
      await sleep(waitMs, undefined, signal && { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  }
}

function gaveUp(url: string, failure: Failure, attempts: number): SggError {
  const after = attempts === 1 ? "" : ` after ${attempts} tries`;
  const message = `Cannot ask "${url}": it ${failure.message}${after}, expected an answer`;
  return new SggError("LAUNCH", message, { cause: failure });
}
