import { setTimeout as delay } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { SggError } from "../errors.ts";
import { placeOfTail, readLog } from "../launch/read-log.ts";
import type { RunRecord } from "../launch/record.ts";
import { findRun, observeRun, type Run } from "../launch/runs.ts";
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
    .description("print what the roles of a local run wrote")
    .addArgument(runArgument)
    .addOption(runsOption)
    .option("--role <role>", "only this role's log, without its name before each line")
    .option("-f, --follow", "go on until the run ends", false)
    .option("--tail <lines>", "only the last lines of each log", parseCount)
    .action(async (name: string, options: LogsOptions) => {
      const run = await findRun(name, options.runs);
      checkRole(run, options.role);
      const places = new Map<string, number>();
      for (;;) {
        const now = await findRun(run.runDir, options.runs);
        const over = observeRun(now).state !== "running" || now.record.token !== run.record.token;
        const last = over || !options.follow;
        for (const log of logsOf(now.record, options.role)) {
          await printNew(log, places, last, options, print);
        }
        if (last) return;
        await delay(250);
      }
    });

interface RoleLog {
  readonly name: string;
  readonly path: string;
}

/** Logs in the order of first start; a role that was started again has still one. */
const logsOf = ({ roles }: RunRecord, only: string | undefined): RoleLog[] => {
  const wanted = roles.filter((role) => only === undefined || role.name === only);
  return [...new Map(wanted.map(({ log, name }) => [log, { name, path: log }])).values()];
};

async function printNew(
  { name, path }: RoleLog,
  places: Map<string, number>,
  last: boolean,
  { role, tail }: LogsOptions,
  print: (text: string) => void,
): Promise<void> {
  const prefix = role === undefined ? `${name} | ` : "";
  let from = places.get(path) ?? (tail === undefined ? 0 : await placeOfTail(path, tail));
  for (;;) {
    const { lines, next } = await readLog(path, from, last);
    if (lines.length > 0) print(lines.map((line) => `${prefix}${line}\n`).join(""));
    if (next === from) break;
    from = next;
  }
  places.set(path, from);
}

function checkRole({ record }: Run, role: string | undefined): void {
  const names = [...new Set(record.roles.map((one) => one.name))];
  if (role === undefined || names.includes(role)) return;
  throw new SggError(
    "USAGE",
    `Cannot show the log of role "${role}": run "${record.runId}" has none of that name, expected one of ${names.join(", ") || "those it will start: none yet"}`,
  );
}

function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number of lines.");
}
