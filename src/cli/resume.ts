import { Command } from "commander";
import { SggError } from "../errors.ts";
import { observeRuns } from "../launch/observe.ts";
import { findRun } from "../launch/runs.ts";
import { recordJob } from "../launch/slurm/launch.ts";
import { submit, testSubmission } from "../launch/slurm/submit.ts";
import type { Io } from "./io.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg resume RUN`: a new job for a run on a cluster, which goes on from its last checkpoint. */
export const resumeCommand = ({ print, warn }: Io): Command =>
  new Command("resume")
    .description("go on with a run on a cluster that has ended, from its last checkpoint")
    .addArgument(runArgument)
    .addOption(runsOption)
    .action(async (name: string, { runs }: { runs: string }) => {
      const run = await findRun(name, runs);
      const { runDir, record } = run;
      const { runId, slurm } = record;
      if (slurm === undefined)
        throw new SggError(
          "USAGE",
          `Cannot resume run "${runId}": it is no run on a cluster, expected one (a local run goes on when it is started again with the same arguments)`,
        );
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
