import { imageDataUrl } from "../data/image.ts";
import type { Row } from "../data/row.ts";
import { SggError } from "../errors.ts";
import { readChatAnswer, type Sampling, toChatRequest } from "./chat.ts";
import { request } from "./http.ts";
import { openPredictions } from "./predictions-file.ts";
import { route, type Server } from "./servers.ts";

/** What to ask, whom, and where the answers go. */
export interface InferOptions {
  readonly rows: readonly Row[];
  readonly servers: readonly Server[];
  /** The predictions file; what it already holds is not asked again. */
  readonly out: string;
  readonly system: string;
  /** What the user message says, the same for all rows or row by row. */
  readonly prompt: string | ((row: Row) => string);
  readonly sampling: Sampling;
  /** Requests under way at a time, for each server. */
  readonly concurrency: number;
  readonly say?: (text: string) => void;
  readonly onProgress?: (progress: InferProgress) => void;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly backoffMs?: number;
}

/** How far inference is, in images. */
export interface InferProgress {
  readonly done: number;
  readonly of: number;
  /** Those of `done` that the file held before. */
  readonly kept: number;
}

/** The scale of the boxes in an answer of Qwen2-VL: thousandths of width and height. */
const boxScale: [number, number] = [1000, 1000];

/**
 * Asks the servers for a scene graph of every image and writes predictions.jsonl in row order.
 *
 * Each server takes the next image as soon as it has finished one, so that the faster gets more.
 * The first request that fails for good ends the others; what is written stays, and the next call
 * goes on from there.
 *
 * Errors: SggError LAUNCH that names the server, its status and what it said; DATA for an image or a
 * file; the reason of `signal` when that is aborted.
 */
export async function infer(options: InferOptions): Promise<InferProgress> {
  const { rows, servers, out, concurrency, signal } = options;
  if (servers.length === 0)
    throw new SggError("USAGE", "Cannot infer: no server, expected at least one");
  const file = await openPredictions(
    out,
    rows.map(({ image_id }) => image_id),
  );
  const failed = new AbortController();
  const signals = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  let next = file.kept;
  let done = file.kept;
  const progress = () => ({ done, of: rows.length, kept: file.kept });
  const work = async (server: Server) => {
    while (next < rows.length) {
      signals.throwIfAborted();
      const index = next++;
      const row = rows[index]!;
      const response = await ask(row, server, { ...options, signal: signals });
      await file.put(index, { image_id: row.image_id, response, box_scale: boxScale });
      done += 1;
      options.onProgress?.(progress());
    }
  };
  const workers = servers.flatMap((server) => Array.from({ length: concurrency }, () => server));
  try {
    const ends = await Promise.allSettled(
      workers.map((server) =>
        work(server).catch((cause: unknown) => {
          failed.abort(cause);
          throw cause;
        }),
      ),
    );
    if (signals.aborted) throw signals.reason;
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return progress();
  } finally {
    await file.close();
  }
}

async function ask(row: Row, { url, model }: Server, options: InferOptions): Promise<string> {
  if (row.image_path === undefined)
    throw new SggError(
      "DATA",
      `Cannot ask about "${row.image_id}": no image, expected an image_path`,
    );
  const { system, prompt, sampling, signal, say, backoffMs, timeoutMs = 900_000 } = options;
  const image = await imageDataUrl(row.image_path);
  const text = typeof prompt === "string" ? prompt : prompt(row);
  const body = toChatRequest({ model, system, prompt: text, image, sampling });
  return request(route(url, "/v1/chat/completions"), body, readChatAnswer, {
    timeoutMs,
    ...(signal && { signal }),
    ...(say && { say }),
    ...(backoffMs !== undefined && { backoffMs }),
  });
}
