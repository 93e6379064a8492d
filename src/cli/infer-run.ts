import { loadDataset } from "../data/load.ts";
import { checkAnswered } from "../infer/unanswered.ts";
import { askSets } from "./ask-sets.ts";
import { openBoard } from "./board.ts";
import { showDryRun } from "./infer-dry-run.ts";
import { type InferFlags, readAsking } from "./infer-options.ts";
import { inferSummary } from "./infer-progress.ts";
import type { Io } from "./io.ts";
import { showProgress, terminal } from "./progress.ts";

/**
 * Asks about every image, of running servers or of those that it starts, and tells how it went.
 *
 * Errors: SggError: USAGE, DATA, LAUNCH; ROLE when an image got no answer.
 */
export async function runInfer(flags: InferFlags, io: Io): Promise<void> {
  const { asking: part, versions } = await readAsking(flags);
  const rows = await loadDataset(flags.dataset);
  if (flags.dryRun) return showDryRun(flags, rows, part, io);
  const board = openBoard(showProgress(terminal(io)));
  try {
    const [end] = await askSets(flags, [{ name: "infer", rows, part, out: flags.out }], board);
    for (const line of inferSummary(end!)) board.say(`infer: ${line}`);
    board.say(`infer: ${versions}`);
    const { of, kept, answered, unanswered, servers } = end!;
    const counts = { of, kept, answered, unanswered: unanswered.length, servers };
    io.print(flags.json ? `${JSON.stringify(counts)}\n` : `${flags.out}\n`);
    checkAnswered(flags.out, of, unanswered);
  } finally {
    board.close();
  }
}
