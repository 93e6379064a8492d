import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Row } from "../data/load.ts";
import { SggError } from "../errors.ts";
import type { InferProgress } from "../infer/count.ts";
import { findFamily } from "../infer/family.ts";
import { type InferEnd, infer } from "../infer/infer.ts";
import { findModel } from "../infer/one-model.ts";
import type { Asking } from "../infer/question.ts";
import type { Server } from "../infer/servers.ts";
import { type Settings, settingsOf } from "../infer/settings.ts";
import { chooseDevice } from "../launch/device.ts";
import { holdFile } from "../launch/hold-file.ts";
import { type InferServers, withServers } from "../launch/infer-servers.ts";
import type { Board } from "./board.ts";
import type { InferFlags } from "./infer-options.ts";
import { inferProgress } from "./infer-progress.ts";
import { interruptible } from "./interruptible.ts";

/** Whom to ask, and how patiently. */
export type AskFlags = Pick<
  InferFlags,
  | ("servers" | "launch" | "model" | "family" | "device" | "maxModelLen")
  | ("concurrency" | "timeout" | "patience")
>;

/** Rows that are asked alike, and the file that gets their answers. */
export interface AskedSet {
  /** What progress calls it. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** How they are asked, but for the model's family. */
  readonly part: Omit<Asking, "family">;
  readonly out: string;
}

interface Job extends AskedSet {
  readonly asking: Asking;
  readonly settings: Settings;
}

/**
 * Asks set after set, of running servers or of those that it starts, and shows how far it is.
 *
 * Errors: SggError USAGE, DATA, LAUNCH; INTERRUPTED on a signal.
 */
export async function askSets(
  flags: AskFlags,
  sets: readonly AskedSet[],
  board: Board,
): Promise<readonly InferEnd[]> {
  const releases: (() => Promise<void>)[] = [];
  try {
    for (const { out } of sets) releases.push(await holdFile(out));
    return await (flags.launch === undefined ? askRunning : askLaunched)(flags, sets, board);
  } finally {
    for (const release of releases) await release();
  }
}

type Ask = typeof askSets;

const askRunning: Ask = async (flags, sets, board) => {
  const { servers, model } = await findModel(flags.servers!, flags.model);
  const names = [model.id, ...(model.root ? [model.root] : [])];
  const jobs = await jobsOf(flags, sets, model.id, names);
  const words = (signal: string) => `Inference was interrupted by ${signal}`;
  return interruptible(words, (signal) => askAll(flags, jobs, board, servers, signal));
};

const askLaunched: Ask = async (flags, sets, board) => {
  const given = flags.model!;
  const model = existsSync(given) ? resolve(given) : given;
  const jobs = await jobsOf(flags, sets, model, [model]);
  const text = JSON.stringify(jobs.map(({ out, settings }) => [resolve(out), settings]));
  const runId = `infer-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
  const { family, pixels } = jobs[0]!.asking;
  const options: InferServers = {
    ...{ count: flags.launch!, model, runId, runDir: resolve(join("runs", runId)), tell: board },
    device: await chooseDevice(flags.device),
    image: jobs[0]!.rows[0]!.image_path!,
    maxModelLen: flags.maxModelLen ?? "auto",
    ...(family.factor !== undefined && { pixels }),
  };
  return withServers(options, (servers, signal) => askAll(flags, jobs, board, servers, signal));
};

async function jobsOf(
  flags: AskFlags,
  sets: readonly AskedSet[],
  model: string,
  names: readonly string[],
): Promise<readonly Job[]> {
  const family = await findFamily(flags.family, names);
  return sets.map((set) => {
    const asking = { ...set.part, family };
    return { ...set, asking, settings: settingsOf(set.rows, model, asking) };
  });
}

async function askAll(
  flags: AskFlags,
  jobs: readonly Job[],
  board: Board,
  servers: readonly Server[],
  signal: AbortSignal,
): Promise<readonly InferEnd[]> {
  const ends: InferEnd[] = [];
  for (const job of jobs) {
    ends.push(await ask(flags, job, board, servers, signal));
    board.end(job.name);
  }
  return ends;
}

/** Asks one set, shows how far it is, and says when it is cut short what is there. */
async function ask(
  flags: AskFlags,
  { name, rows, out, asking, settings }: Job,
  board: Board,
  servers: readonly Server[],
  signal: AbortSignal,
): Promise<InferEnd> {
  const words = inferProgress();
  let last: InferProgress | undefined;
  try {
    return await infer({
      ...{ ...asking, rows, servers, settings, signal, out },
      concurrency: flags.concurrency,
      timeoutMs: flags.timeout * 1000,
      patienceMs: flags.patience * 1000,
      say: (text) => board.say(`${name}: ${text}`),
      onProgress: (progress) => {
        last = progress;
        board.update(name, words(progress));
      },
    });
  } catch (cause) {
    if (last && cause instanceof SggError)
      board.say(
        `${name}: ${last.kept + last.answered} of ${last.of} images are in ${out}; the same command goes on`,
      );
    throw cause;
  }
}
