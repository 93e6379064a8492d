import { Command } from "commander";
import { SggError } from "../errors.ts";
import { findRun, type Run } from "../launch/runs.ts";
import { goOnSlurm } from "../launch/slurm/go-on.ts";
import { openBoard } from "./board.ts";
import type { Io } from "./io.ts";
import { showProgress } from "./progress.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg resume RUN`: goes on with a run from its last checkpoint; on a cluster in a new job. */
export const resumeCommand = (io: Io): Command =>
  new Command("resume")
    .description("go on with a run that has ended, from its last checkpoint")
    .addArgument(runArgument)
    .addOption(runsOption)
    .action(async (name: string, { runs }: { runs: string }) => {
      const run = await findRun(name, runs);
      return run.record.slurm === undefined ? resume(run, io) : resumeOnSlurm(run, io);
    });

async function resumeOnSlurm(run: Run, { print, warn }: Io): Promise<void> {
  const { runId, slurm } = run.record;
  const now = await goOnSlurm(run, (words) => warn(`${words}\n`));
  if (now.state === "done") return warn(`run "${runId}" is done, there is nothing to resume\n`);
  if (now.state !== "submitted")
    throw new SggError(
      "USAGE",
      `Cannot resume run "${runId}": job ${slurm?.job} is ${now.state}, expected one that has ended`,
    );
  print(`${runId}\n`);
  warn(`job ${now.job} goes on with it\n`);
}

/** A run of this machine goes on in the foreground. */
async function resume(run: Run, { print }: Io): Promise<void> {
  const { resumeHere } = await import("../launch/resume-here.ts");
  const board = openBoard(showProgress());
  try {
    await resumeHere(run, board);
  } finally {
    board.close();
  }
  print(`${run.record.runId}\n`);
}
