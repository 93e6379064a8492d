import { SggError } from "../errors.ts";
import {
  type Batch,
  createScoreLines,
  type LineSettings,
  type ScoredBatch,
  type ScoreLines,
} from "./score-lines.ts";
import type { Failure } from "./score-lines-worker.ts";
import { threadPool, workerFile } from "./thread-pool.ts";

/** Who scores batches, in this thread or in others, and how many at once. */
export interface LineScorers {
  readonly score: ScoreLines;
  readonly atOnce: number;
  /** Ends threads at once, whatever they do; what they were asked rejects. */
  readonly close: () => Promise<void>;
}

/** Scorers in so many threads, or in this one where `threads` is 0. */
export async function createLineScorers(
  threads: number,
  settings: LineSettings,
): Promise<LineScorers> {
  if (threads === 0) {
    return { score: await createScoreLines(settings), atOnce: 1, close: async () => {} };
  }
  const pool = threadPool<Batch, ScoredBatch | Failure>({
    threads,
    filename: workerFile("score-lines-worker"),
    name: "score",
    workerData: settings,
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
