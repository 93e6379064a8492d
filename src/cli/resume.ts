import { Command } from "commander";
import { SggError } from "../errors.ts";
import { observeRuns } from "../launch/observe.ts";
import { findRun, type Run } from "../launch/runs.ts";
import { recordJob } from "../launch/slurm/launch.ts";
import { submit, testSubmission } from "../launch/slurm/submit.ts";
import { openBoard } from "./board.ts";
import type { Io } from "./io.ts";
import { showProgress } from "./progress.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg resume RUN`: goes on with a run from its last checkpoint; on a cluster in a new job. */
export const resumeCommand = ({ print, warn }: Io): Command =>
  new Command("resume")
    .description("go on with a run that has ended, from its last checkpoint")
    .addArgument(runArgument)
    .addOption(runsOption)
    .action(async (name: string, { runs }: { runs: string }) => {
      const run = await findRun(name, runs);
      const { runDir, record } = run;
      const { runId, slurm } = record;
      if (slurm === undefined) return resume(run, print);
      const state = (await observeRuns([run]))[0]?.state;
      if (state === "queued" || state === "running")
        throw new SggError(
          "USAGE",
          `Cannot resume run "${runId}": job ${slurm.job} is ${state}, expected one that has ended`,
        );
      if (state === "done") return warn(`run "${runId}" is done, there is nothing to resume\n`);
      warn(`${await testSubmission({ runDir })}\n`);
      const job = await submit({ runDir });
      const { stage, recipeHash } = record;
      recordJob(runDir, { runId, stage, recipeHash, slurm: { ...slurm, job } });
      print(`${runId}\n`);
      warn(`job ${job} goes on with it\n`);
    });

/** A run of this machine goes on in the foreground. */
async function resume(run: Run, print: Io["print"]): Promise<void> {
  const { resumeHere } = await import("../launch/resume-here.ts");
  const board = openBoard(showProgress());
  try {
    await resumeHere(run, board);
  } finally {
    board.close();
  }
  print(`${run.record.runId}\n`);
}
