import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { SggError } from "../errors.ts";
import {
  type Batch,
  createScoreLines,
  type LineSettings,
  type ScoredBatch,
  type ScoreLines,
} from "./score-lines.ts";
import type { Failure } from "./score-lines-worker.ts";

/** Who scores batches, in this thread or in others, and how many at once. */
export interface LineScorers {
  readonly score: ScoreLines;
  readonly atOnce: number;
  /** Ends threads at once, whatever they do; what they were asked rejects. */
  readonly close: () => Promise<void>;
}

/** As source or compiled. */
const filename = fileURLToPath(
  new URL(`score-lines-worker${extname(import.meta.filename)}`, import.meta.url),
);

/** Scorers in so many threads, or in this one where `threads` is 0. */
export async function createLineScorers(
  threads: number,
  settings: LineSettings,
): Promise<LineScorers> {
  if (threads === 0) {
    return { score: await createScoreLines(settings), atOnce: 1, close: async () => {} };
  }
  const pool = new Piscina<Batch, ScoredBatch | Failure>({
    filename,
    name: "score",
    workerData: settings,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    atomics: "disabled", // else an idle thread sleeps through its own sockets and timers
    recordTiming: false,
  });
  return {
    score: async (batch) => {
      const done = await pool.run(batch);
      if ("code" in done) throw new SggError(done.code, done.message);
      return done;
    },
    atOnce: 2 * threads,
    close: () => pool.destroy(),
  };
}
