import { Command } from "commander";
import { describeContainers } from "../launch/leftovers.ts";
import { findRun, findRuns, observeRun, type RunStatus } from "../launch/runs.ts";
import { align } from "./columns.ts";
import type { Io } from "./io.ts";
import { runsOption } from "./run-options.ts";

/** `r1sgg status [RUN]`: what runs, and how the others ended. */
export const statusCommand = ({ print, warn }: Io): Command =>
  new Command("status")
    .description("show local runs: state, stage, processes, and why they ended")
    .argument("[run]", "its id, or its folder; without it all of --runs")
    .addOption(runsOption)
    .option("--json", "print JSON", false)
    .action(async (name: string | undefined, options: { runs: string; json: boolean }) => {
      const { runs, json } = options;
      if (name !== undefined) {
        const run = await findRun(name, runs);
        const containers = await describeContainers(run.record);
        const status = { ...observeRun(run), ...(containers.length > 0 && { containers }) };
        return print(json ? toJson(status) : toDetail(status));
      }
      const all = (await findRuns(runs)).map(observeRun);
      if (json) return print(toJson(all));
      if (all.length === 0) return warn(`no runs in "${runs}"\n`);
      print(toTable(all));
    });

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const toTable = (all: readonly RunStatus[]): string =>
  align([
    ["RUN", "STATE", "STAGE", "PID", "ROLES", "STARTED", "ENDED", "REASON"],
    ...all.map((run) => [
      run.id,
      run.state,
      run.stage ?? "-",
      run.state === "running" ? String(run.pid) : "-",
      run.roles
        .filter((role) => role.running)
        .map((role) => `${role.name}:${role.pid}`)
        .join(" ") || "-",
      toLocal(run.started),
      toLocal(run.ended),
      clip(run.reason?.split("\n")[0] ?? "-", 100),
    ]),
  ]);

function toDetail(run: RunStatus & { readonly containers?: readonly string[] }): string {
  const facts = align([
    ["run", run.id],
    ["folder", run.folder],
    ["state", run.state],
    ["stage", run.stage ?? "-"],
    ["cli", `process ${run.pid} on ${run.machine}`],
    ["started", run.started],
    ["ended", run.ended ?? "-"],
  ]);
  const reason = run.reason === undefined ? "" : `reason  ${run.reason}\n`;
  const left = (run.containers ?? []).map((one) => `container  ${one}\n`).join("");
  const roles = align([
    ["ROLE", "PID", "STATE", "STARTED", "LOG"],
    ...run.roles.map((role) => [
      role.name,
      String(role.pid),
      role.running ? "running" : (role.signal ?? exitWord(role.exitCode)),
      toLocal(role.startedAt),
      role.log,
    ]),
  ]);
  return `${facts}${reason}${left}\n${roles}`;
}

const exitWord = (code: number | undefined): string =>
  code === undefined ? "gone" : `exit ${code}`;

/** Local time to the second, as people write it. */
const toLocal = (time: string | undefined): string =>
  time === undefined ? "-" : new Date(time).toLocaleString("sv-SE");

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;
