import type { Row } from "../data/row.ts";
import { SggError } from "../errors.ts";
import { attempt, Failure } from "./attempt.ts";
import { usualBackoff } from "./backoff.ts";
import { readChatAnswer, readModels } from "./chat.ts";
import { countImages, type InferProgress, type Listeners } from "./count.ts";
import { openPredictions } from "./predictions-file.ts";
import { type Asking, boxScale, refusalOf, toRequest } from "./question.ts";
import { route, type Server } from "./servers.ts";
import { keepSettings, type Settings } from "./settings.ts";
import { shareOut, type Tally } from "./share-out.ts";
import { writeUnanswered } from "./unanswered.ts";

/** What to ask, whom, and where the answers go. */
export interface InferOptions extends Asking, Listeners {
  readonly rows: readonly Row[];
  readonly servers: readonly Server[];
  /** The predictions file; what it already holds is not asked again. */
  readonly out: string;
  /** What the answers depend on, to be the same as when the file was begun; unchecked when absent. */
  readonly settings?: Settings;
  /** Requests under way at a time, for each server. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** How long one answer may take. */
  readonly timeoutMs?: number;
  /** How long all servers may fail until it is over. */
  readonly patienceMs?: number;
  readonly backoffMs?: number;
}

/** What came of it. */
export interface InferEnd extends InferProgress {
  readonly servers: readonly Tally[];
}

/** Tries at one image that failed over it, until it is given up. */
const tries = 5;

/**
 * Asks the servers for a scene graph of every image and writes predictions.jsonl in row order.
 *
 * An image that a server refuses, or that five tries failed over, is left out of the file and listed
 * beside it; the next call asks it again. What is written stays, however this ends.
 *
 * Errors: SggError LAUNCH when no server is left, DATA for an image or a file, USAGE for a file that
 * was begun with other settings; the reason of `signal` when that is aborted.
 */
export async function infer(options: InferOptions): Promise<InferEnd> {
  const { rows, servers, out, settings, patienceMs = 60_000 } = options;
  if (servers.length === 0)
    throw new SggError("USAGE", "Cannot infer: no server, expected at least one");
  const ids = rows.map(({ image_id }) => image_id);
  const file = await openPredictions(out, ids);
  try {
    const kept = file.held.size;
    if (settings) await keepSettings(out, settings, kept > 0);
    const { answered, giveUp, progress } = countImages(ids, kept, options);
    const missing = [...rows.keys()].filter((index) => !file.held.has(index));
    const tallies = await shareOut({
      ...{ ...options, tries, patienceMs, giveUp, proven: kept > 0 },
      jobs: askable(rows, missing, options, giveUp),
      backoff: { ...usualBackoff, ...(options.backoffMs && { baseMs: options.backoffMs }) },
      ask: async (job, server, how) => {
        const row = rows[job]!;
        const response = await askOne(row, server, { ...options, ...how });
        const { image_id } = row;
        await file.put(job, { image_id, response, box_scale: boxScale(row, options) });
        answered();
      },
    });
    const end = progress();
    await writeUnanswered(out, end.unanswered);
    await file.finish();
    return { ...end, servers: tallies };
  } finally {
    await file.close();
  }
}

/** Those of the rows that the model can be asked about; the others are given up. */
const askable = (
  rows: readonly Row[],
  jobs: readonly number[],
  asking: Asking,
  giveUp: (job: number, reason: string) => void,
): readonly number[] =>
  jobs.filter((job) => {
    const reason = refusalOf(rows[job]!, asking);
    if (reason !== undefined) giveUp(job, reason);
    return reason === undefined;
  });

interface How extends InferOptions {
  readonly trial: boolean;
  readonly signal: AbortSignal;
}

/** Asks a server about one image; one that has failed has first to serve our model still. */
async function askOne(row: Row, { url, model }: Server, how: How): Promise<string> {
  const { signal, timeoutMs = 900_000 } = how;
  if (how.trial) await checkServes(url, model, signal);
  const body = await toRequest(row, model, how);
  return attempt(route(url, "/v1/chat/completions"), body, readChatAnswer, { timeoutMs, signal });
}

/** Errors: Failure, never one that counts against an image. */
async function checkServes(url: string, model: string, signal: AbortSignal): Promise<void> {
  const options = { timeoutMs: 10_000, signal };
  const models = await attempt(route(url, "/v1/models"), undefined, readModels, options).catch(
    (cause: unknown) => {
      if (!(cause instanceof Failure) || cause.kind !== "broken") throw cause;
      throw new Failure("away", cause.message, { cause });
    },
  );
  const names = models.map(({ id }) => id);
  if (names.includes(model)) return;
  throw new Failure("barred", `serves ${names.join(", ")} and not ${model}`, {});
}
