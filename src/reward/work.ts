import { SggError } from "../errors.ts";
import { similarityProvider } from "../similarity/providers.ts";
import { HttpFault } from "./http-fault.ts";
import { protocols } from "./protocols/all.ts";
import type { ScoringPath } from "./protocols/paths.ts";
import type { SentQuery } from "./protocols/protocol.ts";
import { type Encoding, readJson } from "./read-json.ts";
import { createScoreItems, profileOf } from "./score-items.ts";
import { logLine, toScored } from "./scored.ts";
import type { ScoringSettings } from "./settings.ts";
import { type Summary, summarize } from "./summary.ts";

/** A request as it came in. */
export interface Job {
  readonly path: ScoringPath;
  readonly query: SentQuery;
  readonly body: Uint8Array;
  readonly encoding: Encoding;
}

/** What goes out, as bytes, and what is to be noted of it. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Of a request that was scored. */
  readonly summary?: Summary;
  /** The line for the request log, where one is kept. */
  readonly logLine?: Uint8Array;
  /** Our own fault, for our own eyes. */
  readonly fault?: string;
}

/** All that is done with a request besides HTTP: read, check, score, write. */
export interface Work {
  /** Answers a request. It never throws: a fault is an answer too. */
  readonly answer: (job: Job) => Promise<Answer>;
  /** What the numbers of the word similarity depend on. */
  readonly similarity: string;
}

/** Loads and warms what the work needs. */
export async function createWork(settings: ScoringSettings): Promise<Work> {
  const profile = profileOf(settings);
  const byPath = protocols(profile);
  const provider = await similarityProvider(settings.similarity);
  const scoreItems = createScoreItems(settings, provider);

  const answer = async ({ path, query, body, encoding }: Job): Promise<Answer> => {
    const data = readJson(body, encoding, settings);
    refuseLongLists(data, settings.maxCompletions);
    const { request, toAnswer } = byPath[path].open(data, query);
    const scored = toScored(
      profile.name,
      request,
      await scoreItems(request.items, request.rewards),
    );
    return {
      status: 200,
      body: encode(JSON.stringify(toAnswer(scored))),
      summary: summarize(scored),
      ...(settings.logged && { logLine: encode(logLine(scored)) }),
    };
  };
  return {
    answer: (job) => answer(job).catch(toFaultAnswer),
    similarity: provider.identity,
  };
}

/** A list of millions is refused before each of its entries is looked at. */
function refuseLongLists(data: unknown, most: number): void {
  if (typeof data !== "object" || data === null) return;
  for (const [field, value] of Object.entries(data)) {
    if (!Array.isArray(value) || value.length <= most) continue;
    throw new HttpFault(
      422,
      `Cannot score the request: ${field}: found a list of ${value.length}, expected at most ${most}, the limit of this server`,
    );
  }
}

/**
 * The answer that a fault is: told to the client if it is theirs, else to our log only.
 *
 * A similarity server that cannot be reached is a 503: it may be back soon, and it is never a 0.
 */
export function toFaultAnswer(error: unknown): Answer {
  if (error instanceof HttpFault) {
    return { status: error.statusCode, body: faultBody(error.statusCode, error.message) };
  }
  if (error instanceof SggError && error.code === "LAUNCH") {
    return { status: 503, body: faultBody(503, `Cannot score the request now: ${error.message}`) };
  }
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = "Cannot answer the request: internal error, told in the server's log";
  return { status: 500, body: faultBody(500, message), fault };
}

/** How each fault is told, on all routes. */
export const faultBody = (statusCode: number, message: string): Uint8Array =>
  encode(JSON.stringify({ statusCode, message }));

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
