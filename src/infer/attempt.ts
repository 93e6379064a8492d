import { z } from "zod";
import { exchange } from "./exchange.ts";
import { retryAfterMs } from "./retry-after.ts";

/**
 * Why a try failed, by what may help.
 *
 * `away`: nobody is there. `busy`: the server says that it cannot just now. `broken`: it failed over
 * the question (5xx, a connection cut, no answer in time, nonsense). `refused`: it will not have this
 * question. `barred`: it will not have any of ours (no such route or model, no entry).
 */
export type FailureKind = "away" | "busy" | "broken" | "refused" | "barred";

/** A failed try; its message goes on from "it". */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  /** The server asks to be left alone for so long. */
  readonly waitMs: number;

  constructor(kind: FailureKind, message: string, options: { waitMs?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.waitMs = options.waitMs ?? 0;
  }

  /** Whether another try may go better. */
  get mayPass(): boolean {
    return this.kind !== "refused" && this.kind !== "barred";
  }
}

/** How long one try may take, and what cuts it short. */
export interface AttemptOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks a server once, GET or POST of JSON, and reads its answer with `read`.
 *
 * Errors: Failure, also for an answer that `read` refuses by throwing a SyntaxError; the reason of
 * `signal` when that is aborted.
 */
export async function attempt<T>(
  url: string,
  body: unknown,
  read: (text: string) => T,
  { timeoutMs, signal }: AttemptOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const limits = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const { status, headers, text } = await exchange(url, body, limits).catch((cause: unknown) => {
    signal?.throwIfAborted();
    if (timeout.aborted)
      throw new Failure("broken", `gave no answer in ${timeoutMs / 1000} s`, { cause });
    const reason = reasonOf(cause);
    if (isAway(cause)) throw new Failure("away", `cannot be reached (${reason})`, { cause });
    throw new Failure("broken", `broke off (${reason})`, { cause });
  });
  if (status < 200 || status > 299) {
    const waitMs = retryAfterMs(headers["retry-after"], Date.now());
    throw new Failure(kindOf(status), `answered ${status} (${saidIn(text)})`, { waitMs });
  }
  try {
    return read(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure("broken", `answered nonsense (${cause.message})`, { cause });
  }
}

/** 502 and 503 are a proxy's and vLLM's word for a server that is not there yet, or no more. */
const busy = [408, 425, 429, 502, 503];
const refused = [400, 413, 415, 422];

function kindOf(status: number): FailureKind {
  if (busy.includes(status)) return "busy";
  if (status >= 500) return "broken";
  return refused.includes(status) ? "refused" : "barred";
}

/** What happens before a connection stands: the question has not been heard. */
const awayCodes = [
  ...["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ETIMEDOUT"],
  ...["ENOTFOUND", "EAI_AGAIN"],
];

const isAway = (cause: unknown): boolean =>
  awayCodes.includes((cause as NodeJS.ErrnoException).code ?? "");

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
