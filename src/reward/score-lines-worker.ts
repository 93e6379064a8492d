import { workerData } from "node:worker_threads";
import { type ErrorCode, SggError } from "../errors.ts";
import {
  type Batch,
  createScoreLines,
  type LineSettings,
  type ScoredBatch,
} from "./score-lines.ts";

/** An expected failure on its way between threads, where errors lose their class. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

const created = createScoreLines(workerData as LineSettings);
created.catch(() => {}); // it is told with the first batch

/** What a worker thread does with each batch. */
export const score = async (batch: Batch): Promise<ScoredBatch | Failure> => {
  try {
    return await (await created)(batch);
  } catch (error) {
    if (!(error instanceof SggError)) throw error;
    return { code: error.code, message: error.message };
  }
};
