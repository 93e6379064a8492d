import type { ScoringSettings } from "./settings.ts";
import { type Answer, createWork, type Job, toFaultAnswer } from "./work.ts";

/** Where jobs are done: in worker threads, or in this one. */
export interface Workshop {
  /**
   * The answer to a job; it never rejects. `undefined` when nobody wanted it any more at its turn.
   */
  readonly run: (job: Job, isWanted: () => boolean) => Promise<Answer | undefined>;
  /** Kept when everything is loaded and warmed everywhere; broken when that cannot be. */
  readonly warmed: Promise<void>;
  /** Whether everything is warmed everywhere now: not so while a new thread takes another's place. */
  readonly isReady: () => boolean;
  /** What the numbers of the word similarity depend on, once that is known. */
  readonly similarity: () => string | undefined;
  /** Threads that ended and were replaced so far. */
  readonly deaths: () => number;
  readonly close: () => Promise<void>;
}

/** A workshop in this thread, for machines with one core; jobs take turns with HTTP. */
export function workHere(settings: ScoringSettings): Workshop {
  const work = createWork(settings);
  const inTurn = turns(1);
  let similarity: string | undefined;
  const warmed = work.then((done) => {
    similarity = done.similarity;
  });
  return {
    run: (job, isWanted) =>
      inTurn(async () => (isWanted() ? (await work).answer(job) : undefined)).catch(toFaultAnswer),
    warmed,
    isReady: () => similarity !== undefined,
    similarity: () => similarity,
    deaths: () => 0,
    close: async () => {},
  };
}

/** Runs at most `count` tasks at once, the others in the order in which they came. */
export function turns(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
