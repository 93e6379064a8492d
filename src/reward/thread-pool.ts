import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";

/** What the threads of a pool are. */
export interface ThreadPoolOptions {
  readonly threads: number;
  /** The file that each thread runs, and the export that does a task. */
  readonly filename: string;
  readonly name: string;
  readonly workerData: unknown;
  readonly resourceLimits?: { readonly maxOldGenerationSizeMb: number };
}

/** A pool with so many threads from start to end, each at one task. */
export const threadPool = <T, R>({ threads, ...options }: ThreadPoolOptions): Piscina<T, R> =>
  new Piscina<T, R>({
    ...options,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: 1,
    atomics: "disabled", // else an idle thread sleeps through its own sockets and timers
    recordTiming: false,
  });

/** The path of a file of this folder that threads run, as source or compiled. */
export const workerFile = (name: string): string =>
  fileURLToPath(new URL(`${name}${extname(import.meta.filename)}`, import.meta.url));
