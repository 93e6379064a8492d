import { Command } from "commander";
import { SggError } from "../errors.ts";
import { type Cancelled, cancelRun } from "../launch/cancel-run.ts";
import { findRun, observeRun, type Run } from "../launch/runs.ts";
import { cancelSlurmRun } from "../launch/slurm/cancel.ts";
import type { Io } from "./io.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg cancel RUN`: ends a run and all it started. */
export const cancelCommand = ({ print }: Io): Command =>
  new Command("cancel")
    .description("end a run and all its processes, here or on a cluster")
    .addArgument(runArgument)
    .addOption(runsOption)
    .action(async (name: string, { runs }: { runs: string }) => {
      const run = await findRun(name, runs);
      if (run.record.slurm !== undefined) return print(await cancelJob(run));
      const { id, state } = observeRun(run);
      const done = await cancelRun(run);
      print(`run "${id}": ${toWords(state, done)}\n`);
      if (done.stuck.length === 0) return;
      throw new SggError(
        "LAUNCH",
        `Cannot cancel run "${id}": processes ${done.stuck.join(", ")} do not end, expected SIGKILL to end them`,
      );
    });

async function cancelJob(run: Run): Promise<string> {
  const { runId, slurm } = run.record;
  const state = await cancelSlurmRun(run);
  if (state !== undefined) return `run "${runId}": job ${slurm?.job} has ended (${state})\n`;
  throw new SggError(
    "LAUNCH",
    `Cannot cancel run "${runId}": job ${slurm?.job} is still ending, expected it gone by now (r1sgg status ${runId})`,
  );
}

function toWords(state: string, { cli, leftovers, containers }: Cancelled): string {
  const rest = [
    leftovers > 0 ? `, ${leftovers} process(es) left behind were ended` : "",
    containers > 0 ? `, ${containers} container(s) left behind were removed` : "",
  ].join("");
  if (state !== "running") return `had already ended (${state})${rest || ", nothing to do"}`;
  const how = {
    ended: "cancelled, its CLI ended on request",
    killed: "cancelled, its CLI had to be killed",
    gone: "cancelled, its CLI had just gone",
  };
  return `${how[cli]}${rest || ", no process left"}`;
}
