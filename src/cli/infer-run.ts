import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadDataset, type Row } from "../data/load.ts";
import { SggError } from "../errors.ts";
import { findFamily } from "../infer/family.ts";
import { type InferEnd, type InferProgress, infer } from "../infer/infer.ts";
import { findModel } from "../infer/one-model.ts";
import type { Asking } from "../infer/question.ts";
import type { Server } from "../infer/servers.ts";
import { type Settings, settingsOf } from "../infer/settings.ts";
import { checkAnswered } from "../infer/unanswered.ts";
import { chooseDevice } from "../launch/device.ts";
import { holdFile } from "../launch/hold-file.ts";
import { type InferServers, withServers } from "../launch/infer-servers.ts";
import { type Board, openBoard } from "./board.ts";
import { showDryRun } from "./infer-dry-run.ts";
import { type InferFlags, readAsking } from "./infer-options.ts";
import { inferProgress, inferSummary } from "./infer-progress.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { type ProgressStream, showProgress } from "./progress.ts";

/** Everything that is settled before the first question. */
interface Job {
  readonly flags: InferFlags;
  readonly rows: readonly Row[];
  readonly asking: Asking;
  readonly settings: Settings;
  readonly board: Board;
}

/**
 * Asks about every image, of running servers or of those that it starts, and tells how it went.
 *
 * Errors: SggError: USAGE, DATA, LAUNCH; ROLE when an image got no answer.
 */
export async function runInfer(flags: InferFlags, io: Io): Promise<void> {
  const { asking, versions } = await readAsking(flags);
  const rows = await loadDataset(flags.dataset);
  if (flags.dryRun) return showDryRun(flags, rows, asking, io);
  const board = openBoard(showProgress(terminal(io)));
  const release = await holdFile(flags.out);
  try {
    const run = flags.launch === undefined ? askRunning : askLaunched;
    const end = await run(flags, rows, asking, board);
    board.end("infer");
    for (const line of inferSummary(end)) board.say(`infer: ${line}`);
    board.say(`infer: ${versions}`);
    const { of, kept, answered, unanswered, servers } = end;
    const counts = { of, kept, answered, unanswered: unanswered.length, servers };
    io.print(flags.json ? `${JSON.stringify(counts)}\n` : `${flags.out}\n`);
    checkAnswered(flags.out, of, unanswered);
  } finally {
    board.close();
    await release();
  }
}

/** Where progress goes: what io warns through, as wide as the terminal is at the time. */
const terminal = ({ warn }: Io): ProgressStream => ({
  isTTY: process.stderr.isTTY,
  get columns() {
    return process.stderr.columns || 80;
  },
  write: warn,
});

type Run = (
  flags: InferFlags,
  rows: readonly Row[],
  asking: Omit<Asking, "family">,
  board: Board,
) => Promise<InferEnd>;

const askRunning: Run = async (flags, rows, part, board) => {
  const { servers, model } = await findModel(flags.servers!, flags.model);
  const names = [model.id, ...(model.root ? [model.root] : [])];
  const asking = { ...part, family: await findFamily(flags.family, names) };
  const settings = settingsOf(rows, model.id, asking);
  const words = (signal: string) => `Inference was interrupted by ${signal}`;
  return interruptible(words, (signal) =>
    ask({ flags, rows, asking, settings, board }, servers, signal),
  );
};

const askLaunched: Run = async (flags, rows, part, board) => {
  const given = flags.model!;
  const model = existsSync(given) ? resolve(given) : given;
  const asking = { ...part, family: await findFamily(flags.family, [model]) };
  const settings = settingsOf(rows, model, asking);
  const text = JSON.stringify([resolve(flags.out), settings]);
  const runId = `infer-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
  const options: InferServers = {
    ...{ count: flags.launch!, model, runId, runDir: resolve(join("runs", runId)), tell: board },
    device: await chooseDevice(flags.device),
    image: rows[0]!.image_path!,
    maxModelLen: flags.maxModelLen ?? "auto",
    ...(asking.family.factor !== undefined && { pixels: asking.pixels }),
  };
  return withServers(options, (servers, signal) =>
    ask({ flags, rows, asking, settings, board }, servers, signal),
  );
};

/** Asks, shows how far it is, and says when it is cut short what is there. */
async function ask(
  { flags, rows, asking, settings, board }: Job,
  servers: readonly Server[],
  signal: AbortSignal,
): Promise<InferEnd> {
  const words = inferProgress();
  let last: InferProgress | undefined;
  try {
    return await infer({
      ...{ ...asking, rows, servers, settings, signal, out: flags.out },
      concurrency: flags.concurrency,
      timeoutMs: flags.timeout * 1000,
      patienceMs: flags.patience * 1000,
      say: (text) => board.say(`infer: ${text}`),
      onProgress: (progress) => {
        last = progress;
        board.update("infer", words(progress));
      },
    });
  } catch (cause) {
    if (last && cause instanceof SggError)
      board.say(
        `infer: ${last.kept + last.answered} of ${last.of} images are in ${flags.out}; the same command goes on`,
      );
    throw cause;
  }
}
