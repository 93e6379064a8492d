import { Command } from "commander";
import { SggError } from "../errors.ts";
import { type Cancelled, cancelRun } from "../launch/cancel-run.ts";
import { findRun, observeRun } from "../launch/runs.ts";
import type { Io } from "./io.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg cancel RUN`: ends a run and all it started. */
export const cancelCommand = ({ print }: Io): Command =>
  new Command("cancel")
    .description("end a local run and all its processes")
    .addArgument(runArgument)
    .addOption(runsOption)
    .action(async (name: string, { runs }: { runs: string }) => {
      const run = await findRun(name, runs);
      const { id, state } = observeRun(run);
      const done = await cancelRun(run);
      print(`run "${id}": ${toWords(state, done)}\n`);
      if (done.stuck.length === 0) return;
      throw new SggError(
        "LAUNCH",
        `Cannot cancel run "${id}": processes ${done.stuck.join(", ")} do not end, expected SIGKILL to end them`,
      );
    });

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
