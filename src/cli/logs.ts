import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { SggError } from "../errors.ts";
import { observeRuns } from "../launch/observe.ts";
import { placeOfTail, readLog } from "../launch/read-log.ts";
import { findRun, observeRun, type Run } from "../launch/runs.ts";
import { attemptLogs, type RoleLog } from "../launch/slurm/attempt-logs.ts";
import type { Io } from "./io.ts";
import { runArgument, runsOption } from "./run-options.ts";

interface LogsOptions {
  readonly runs: string;
  readonly role?: string;
  readonly follow: boolean;
  readonly tail?: number;
}

/** `r1sgg logs RUN`: what the roles of a run have written, and with `-f` go on to write. */
export const logsCommand = ({ print }: Io): Command =>
  new Command("logs")
    .description("print what the roles of a run wrote, of one on a cluster those of its last start")
    .addArgument(runArgument)
    .addOption(runsOption)
    .option("--role <role>", "only this role's log, without its name before each line")
    .option("-f, --follow", "go on until the run ends", false)
    .option("--tail <lines>", "only the last lines of each log", parseCount)
    .action(async (name: string, options: LogsOptions) => {
      const run = await findRun(name, options.runs);
      await checkRole(run, options.role);
      const places = new Map<string, number>();
      for (;;) {
        const now = await findRun(run.runDir, options.runs);
        const over =
          !options.follow || (await isOver(now)) || now.record.token !== run.record.token;
        for (const log of await logsOf(now, options.role)) {
          await printNew(log, places, over, options, print);
        }
        if (over) return;
        await delay(now.record.slurm === undefined ? 250 : 2000);
      }
    });

/** Slurm is not to be asked more often than need be. */
const isOver = async (run: Run): Promise<boolean> => {
  if (run.record.slurm === undefined) return observeRun(run).state !== "running";
  const [now] = await observeRuns([run]);
  return now?.state !== "running" && now?.state !== "queued";
};

/** Logs in the order of first start; a role that was started again has still one. */
async function logsOf(run: Run, only: string | undefined): Promise<readonly RoleLog[]> {
  const all = await allLogs(run);
  return all.filter(({ name, role }) => only === undefined || only === role || only === name);
}

async function allLogs({ runDir, record }: Run): Promise<readonly RoleLog[]> {
  if (record.slurm === undefined) {
    const logs = record.roles.map(({ log, name }) => ({ name, role: name, path: log }));
    return [...new Map(logs.map((log) => [log.path, log])).values()];
  }
  const job = { name: "job", role: "job", path: join(runDir, "slurm.log") };
  return [job, ...(await attemptLogs(runDir))];
}

async function printNew(
  { name, path }: RoleLog,
  places: Map<string, number>,
  last: boolean,
  { role, tail }: LogsOptions,
  print: (text: string) => void,
): Promise<void> {
  const prefix = role === name ? "" : `${name} | `;
  let from = places.get(path) ?? (tail === undefined ? 0 : await placeOfTail(path, tail));
  for (;;) {
    const { lines, next } = await readLog(path, from, last);
    if (lines.length > 0) print(lines.map((line) => `${prefix}${line}\n`).join(""));
    if (next === from) break;
    from = next;
  }
  places.set(path, from);
}

async function checkRole(run: Run, role: string | undefined): Promise<void> {
  if (role === undefined) return;
  const all = await allLogs(run);
  if (all.some((log) => log.role === role || log.name === role)) return;
  const names = [...new Set(all.map((log) => log.role))];
  throw new SggError(
    "USAGE",
    `Cannot show the log of role "${role}": run "${run.record.runId}" has none of that name, expected one of ${names.join(", ") || "those it will start: none yet"}`,
  );
}

function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number of lines.");
}
