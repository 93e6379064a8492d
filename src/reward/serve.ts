import { rm } from "node:fs/promises";
import { SggError } from "../errors.ts";
import { similarityProvider } from "../similarity/providers.ts";
import { listen, stop } from "./listen.ts";
import { writeReadyFile } from "./ready-file.ts";
import { openRequestLog } from "./request-log.ts";
import { profileOf } from "./score-items.ts";
import type { QueueLimits, ScoringSettings } from "./settings.ts";
import { readToken } from "./token-file.ts";
import { workInThreads } from "./work-in-threads.ts";
import { type Workshop, workHere } from "./workshop.ts";

/** What `r1sgg reward serve` takes. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly settings: ScoringSettings;
  readonly queue: QueueLimits;
  /** Worker threads; 0 scores in the thread that does HTTP. */
  readonly workers: number;
  /** Milliseconds for what has come in when the server is told to stop. */
  readonly graceMs: number;
  readonly tokenFile?: string;
  readonly log?: string;
  readonly readyFile?: string;
  readonly io: {
    readonly print: (text: string) => void;
    readonly warn: (text: string) => void;
  };
}

/**
 * Serves rewards until SIGTERM or SIGINT, then answers what has come in and returns.
 *
 * The URL is printed and the ready file written when every worker is warmed. A ready file left from
 * before is removed first, so that it never speaks of another server.
 *
 * Errors: SggError USAGE for an address that others reach without a token, an unreadable token file
 *   or another similarity; LAUNCH when a worker, the log, the ready file or the port cannot be had
 */
export async function serveRewards(options: ServeOptions): Promise<void> {
  const { host, port, io, readyFile, queue } = options;
  const settings = { ...options.settings, logged: options.log !== undefined };
  const stopped = stopSignal();
  if (isElsewhere(settings.similarity)) await similarityProvider(settings.similarity);
  const token = await readToken(host, options.tokenFile);
  if (readyFile !== undefined) await rm(readyFile, { force: true });
  const workshop = openWorkshop(options, settings);
  const warmed = workshop.warmed.catch(cannotStart);
  warmed.catch(() => {}); // told where it is waited for
  const log = options.log === undefined ? undefined : await openLog(options.log);
  try {
    const { rewardServer } = await import("./server.ts"); // read while the workers start
    const app = rewardServer({
      settings,
      workshop,
      queue,
      warn: io.warn,
      ...(token !== undefined && { token }),
      ...(log && { log }),
    });
    try {
      const url = await listen(app, host, port);
      if ((await Promise.race([warmed, stopped])) !== "stopped") {
        if (readyFile !== undefined) await writeReadyFile(readyFile, url);
        const profile = profileOf(settings);
        io.warn(`Serving rewards of profile ${profile.name}: ${profile.sources}\n`);
        io.print(`${url}\n`);
        await stopped;
      }
    } finally {
      await stop(app, options.graceMs);
    }
  } finally {
    await workshop.close();
    await log?.close();
  }
}

/** Whether the similarity is an address, which is cheap to check before anything starts. */
const isElsewhere = (similarity: string): boolean => !["native", "exact"].includes(similarity);

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process as usual. */
const stopSignal = (): Promise<"stopped"> =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve("stopped"));
  });

function openWorkshop(options: ServeOptions, settings: ScoringSettings): Workshop {
  if (options.workers === 0) return workHere(settings);
  return workInThreads({
    threads: options.workers,
    settings,
    jobMs: options.queue.requestMs,
    warn: options.io.warn,
  });
}

function cannotStart(cause: Error): never {
  throw new SggError("LAUNCH", `Cannot start the reward workers: ${cause.message}`, { cause });
}

const openLog = (path: string) =>
  openRequestLog(path).catch((cause: Error) => {
    throw new SggError("LAUNCH", `Cannot write the log "${path}": ${cause.message}`, { cause });
  });
