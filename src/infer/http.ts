import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { SggError } from "../errors.ts";
import { exchange } from "./exchange.ts";

/** How a request is made. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  /** Tries in all; what a second try cannot mend is not tried again. */
  readonly tries?: number;
  /** Told of every try that failed and will be made again. */
  readonly say?: (text: string) => void;
  /** The wait after the first failure, before jitter; doubles each time. */
  readonly backoffMs?: number;
}

/** A failed try: what was found, and whether another may go better. */
class Failure extends Error {
  readonly again: boolean;
  readonly waitMs: number;

  constructor(found: string, again: boolean, waitMs = 0, cause?: unknown) {
    super(found, { cause });
    this.again = again;
    this.waitMs = waitMs;
  }
}

/**
 * Asks a server and reads its answer with `read`, again after what may pass: connection errors, 429,
 * 5xx, an answer that is cut off or that `read` refuses by throwing a SyntaxError.
 *
 * Waits between tries double and are spread by half, so that many clients do not come back at once;
 * `Retry-After` is kept to, up to a minute.
 *
 * Errors: SggError LAUNCH that names the server, its status and what it said; the reason of `signal`
 * when that is aborted.
 */
export async function request<T>(
  url: string,
  body: unknown,
  read: (text: string) => T,
  { signal, timeoutMs, tries = 5, say, backoffMs = 500 }: RequestOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(url, body, read, timeoutMs, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      if (!(cause instanceof Failure)) throw cause;
      if (!cause.again || attempt >= tries) throw gaveUp(url, cause, attempt);
      const spread = backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      const waitMs = Math.max(cause.waitMs, spread);
      say?.(
        `${url} ${cause.message}; trying again in ${(waitMs / 1000).toFixed(1)} s (${attempt + 1} of ${tries})`,
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

async function once<T>(
  url: string,
  body: unknown,
  read: (text: string) => T,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const limits = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const { status, headers, text } = await exchange(url, body, limits).catch((cause: unknown) => {
    if (timeout.aborted)
      throw new Failure(`gave no answer in ${timeoutMs / 1000} s`, true, 0, cause);
    throw new Failure(`cannot be reached (${reasonOf(cause)})`, true, 0, cause);
  });
  if (status < 200 || status > 299) {
    const wait = Number(headers["retry-after"] ?? 0) * 1000;
    const waitMs = Number.isFinite(wait) ? Math.min(wait, 60_000) : 0;
    throw new Failure(
      `answered ${status} (${saidIn(text)})`,
      status === 429 || status >= 500,
      waitMs,
    );
  }
  try {
    return read(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure(`answered nonsense (${cause.message})`, true, 0, cause);
  }
}

const reasonOf = (cause: unknown): string =>
  (cause as Error).message || (cause as NodeJS.ErrnoException).code || String(cause);

/** What an error body says: OpenAI's `error.message`, FastAPI's `detail`, or its first 300 characters. */
function saidIn(text: string): string {
  const body = errorBody.safeParse(readJson(text)).data;
  const said = body?.error?.message ?? body?.message ?? body?.detail ?? text.trim();
  const words = typeof said === "string" ? said : JSON.stringify(said);
  return words.slice(0, 300) || "an empty body";
}

const errorBody = z.object({
  error: z.object({ message: z.string() }).optional(),
  message: z.string().optional(),
  detail: z.unknown().optional(),
});

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
