import { workerData } from "node:worker_threads";
import { type Batch, createScoreLines, type LineSettings } from "./score-lines.ts";

const created = createScoreLines(workerData as LineSettings);

/** What a worker thread does with each batch. */
export const score = async (batch: Batch) => (await created)(batch);
