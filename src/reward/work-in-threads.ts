import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { ScoringSettings } from "./settings.ts";
import { type Answer, type Job, toFaultAnswer } from "./work.ts";
import { turns, type Workshop } from "./workshop.ts";

/** How many threads there are and what one may use. */
export interface ThreadOptions {
  readonly threads: number;
  readonly settings: ScoringSettings;
  /** MiB of JavaScript heap; a thread that needs more ends, and its request is a 500. */
  readonly heapMiB: number;
  /** Milliseconds for one job; a thread that hangs is ended and replaced. */
  readonly jobMs: number;
  /** Told of each thread that ended before its time. */
  readonly warn: (text: string) => void;
}

/** The file that each thread runs, as source or compiled. */
const filename = fileURLToPath(new URL(`worker${extname(import.meta.filename)}`, import.meta.url));

/**
 * A workshop of worker threads. A thread that ends costs the request that it worked on, and another
 * takes its place.
 *
 * Piscina starts, replaces and ends the threads. Its queue does not keep the order of tasks that can
 * be aborted, so that jobs wait here, and it gets one only when a thread is free.
 */
export function workInThreads({
  threads,
  settings,
  heapMiB,
  jobMs,
  warn,
}: ThreadOptions): Workshop {
  const pool = new Piscina<Job, Answer>({
    filename,
    name: "answer",
    workerData: settings,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    atomics: "disabled", // else an idle thread sleeps through its own sockets and timers
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  });
  const warmedThreads = new Set<number>();
  const isReady = () =>
    pool.threads.length === threads &&
    pool.threads.every(({ threadId }) => warmedThreads.has(threadId));
  const warmed = new Promise<void>((resolve, reject) => {
    pool.on("message", (message: { readonly warmed: number }) => {
      warmedThreads.add(message.warmed);
      if (isReady()) resolve();
    });
    pool.on("error", reject);
  });
  pool.on("error", (error: Error) => warn(`A reward worker cannot start: ${error.message}\n`));

  let deaths = 0;
  const inTurn = turns(threads);
  const run = async (job: Job): Promise<Answer> => {
    const hangs = new AbortController();
    const timer = setTimeout(() => hangs.abort(), jobMs);
    try {
      return await pool.run(job, { signal: hangs.signal, transferList: transferable(job.body) });
    } catch (error) {
      deaths += 1;
      const why = hangs.signal.aborted ? `no answer after ${jobMs} ms` : (error as Error).message;
      return toFaultAnswer(new Error(`A reward worker ended: ${why}; another takes its place`));
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    run: (job, isWanted) => inTurn(async () => (isWanted() ? run(job) : undefined)),
    warmed,
    isReady,
    deaths: () => deaths,
    close: () => pool.destroy(),
  };
}

/** Bytes that own their memory are moved; those of a pool that others use too are copied. */
const transferable = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
