import { setPriority } from "node:os";
import { parentPort, threadId, workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import type { ScoringSettings } from "./settings.ts";
import { type Answer, createWork, type Job } from "./work.ts";

/**
 * Lets HTTP go before scoring where they share a core: /health is answered in 10 ms instead of 22 (p99,
 * two cores under full load). On Linux a priority is a thread's own.
 */
const niceness = 5;
setPriority(niceness);

/** What a thread says when it is warmed. */
export interface Warmed {
  readonly thread: number;
  readonly similarity: string;
}

/** What a worker thread does with each job; the promise is kept once all is loaded and warmed. */
export const answer = createWork(workerData as ScoringSettings).then((work) => {
  parentPort?.postMessage({ thread: threadId, similarity: work.similarity } satisfies Warmed);
  return async (job: Job) => moved(await work.answer(job));
});

/** The bytes of an answer are moved to the main thread, not copied. */
const moved = (answered: Answer) =>
  move({
    [transferableSymbol]: [answered.body.buffer, answered.logLine?.buffer].filter(Boolean),
    [valueSymbol]: answered,
  } as never);
