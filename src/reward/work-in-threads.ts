import type { ScoringSettings } from "./settings.ts";
import { threadPool, workerFile } from "./thread-pool.ts";
import { type Answer, type Job, toFaultAnswer } from "./work.ts";
import type { Warmed } from "./worker.ts";
import { turns, type Workshop } from "./workshop.ts";

/** How many threads there are and what one may use. */
export interface ThreadOptions {
  readonly threads: number;
  readonly settings: ScoringSettings;
  /** Milliseconds for one job; a thread that hangs is ended and replaced. */
  readonly jobMs: number;
  /** Told of threads that cannot start. */
  readonly warn: (text: string) => void;
  /** What each thread runs. */
  readonly file?: string;
}

/** MiB of a thread's heap for what it keeps: code, word vectors and similarities. */
const keptMiB = 512;

/**
 * A workshop of worker threads. A thread that ends costs the request that it worked on, and another
 * takes its place.
 *
 * Piscina starts, replaces and ends the threads. Its queue does not keep the order of tasks that can
 * be aborted, so that jobs wait here, and it gets one only when a thread is free.
 *
 * A thread that runs out of memory would end the whole process (seen on Node 24): what a request may
 * take is bounded before it is parsed, in readJson, and while its lists are checked, in listOf.
 */
export function workInThreads({
  threads,
  settings,
  jobMs,
  warn,
  file: filename = workerFile("worker"),
}: ThreadOptions): Workshop {
  const pool = threadPool<Job, Answer>({
    threads,
    filename,
    name: "answer",
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: settings.heapMiB + keptMiB },
  });
  const warmedThreads = new Set<number>();
  let similarity: string | undefined;
  const isReady = () =>
    pool.threads.length === threads &&
    pool.threads.every(({ threadId }) => warmedThreads.has(threadId));
  const warmed = new Promise<void>((resolve, reject) => {
    pool.on("message", (message: Warmed) => {
      warmedThreads.add(message.thread);
      similarity = message.similarity;
      if (isReady()) resolve();
    });
    pool.on("error", reject);
  });
  pool.on("error", (error: Error) => warn(`A reward worker cannot start: ${error.message}\n`));

  let [deaths, isClosing] = [0, false];
  pool.on("workerDestroy", () => {
    if (!isClosing) deaths += 1;
  });
  const inTurn = turns(threads);
  const run = async (job: Job): Promise<Answer> => {
    const hangs = new AbortController();
    const timer = setTimeout(() => hangs.abort(), jobMs);
    try {
      return await pool.run(job, { signal: hangs.signal, transferList: transferable(job.body) });
    } catch (error) {
      const why = hangs.signal.aborted ? `no answer after ${jobMs} ms` : (error as Error).message;
      return toFaultAnswer(new Error(`a reward worker failed: ${why}`));
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    run: (job, isWanted) => inTurn(async () => (isWanted() ? run(job) : undefined)),
    warmed,
    isReady,
    similarity: () => similarity,
    deaths: () => deaths,
    close: () => {
      isClosing = true;
      return pool.destroy();
    },
  };
}

/** Bytes that own their memory are moved; those of a pool that others use too are copied. */
const transferable = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
