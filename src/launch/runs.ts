import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SggError } from "../errors.ts";
import { loadRecord } from "./load-record.ts";
import { isAlive } from "./processes.ts";
import { type RoleRecord, type RunRecord, type RunState, thisMachine } from "./record.ts";

/** A run that has a folder with `record.json`. */
export interface Run {
  readonly runDir: string;
  readonly record: RunRecord;
}

/** A run as it is now, in words of `r1sgg status --json`. */
export interface RunStatus {
  readonly id: string;
  readonly folder: string;
  /** As recorded, but `lost` when the CLI of a running one is gone. */
  readonly state: RunState;
  readonly stage: string | undefined;
  readonly pid: number;
  readonly machine: string;
  readonly started: string;
  readonly ended: string | undefined;
  readonly reason: string | undefined;
  readonly roles: readonly (RoleRecord & { readonly running: boolean })[];
}

/** All runs below a folder, oldest start first; none when the folder is not there. */
export async function findRuns(runsDir: string): Promise<Run[]> {
  const names = await readdir(runsDir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new SggError("USAGE", `Cannot list "${runsDir}": ${cause.message}, expected a folder`);
  });
  const runs = await Promise.all(names.map((name) => openRun(join(runsDir, name))));
  return runs
    .filter((run) => run !== undefined)
    .toSorted((a, b) => a.record.startedAt.localeCompare(b.record.startedAt));
}

/**
 * The run with this id, or in this folder.
 *
 * @throws {SggError} USAGE when there is none, naming those there are
 */
export async function findRun(name: string, runsDir: string): Promise<Run> {
  const direct = (await openRun(join(runsDir, name))) ?? (await openRun(name));
  if (direct) return direct;
  const runs = await findRuns(runsDir);
  const found = runs.findLast((run) => run.record.runId === name);
  if (found) return found;
  const known = runs.map(({ record }) => record.runId).join(", ") || "none yet";
  throw new SggError(
    "USAGE",
    `Cannot find run "${name}": no folder of that name with a record.json, expected a folder or one of the runs in "${runsDir}": ${known}`,
  );
}

async function openRun(path: string): Promise<Run | undefined> {
  const runDir = resolve(path);
  const record = await loadRecord(runDir);
  return record && { runDir, record };
}

/** Looks whether what the record says is still so. On another machine its word has to do. */
export function observeRun({ runDir, record }: Run): RunStatus {
  const here = record.machine === thisMachine();
  const lost = record.state === "running" && here && !isAlive(record.cli);
  return {
    id: record.runId,
    folder: runDir,
    state: lost ? "lost" : record.state,
    stage: record.stage,
    pid: record.cli.pid,
    machine: record.machine,
    started: record.startedAt,
    ended: record.endedAt,
    reason: lost ? `the CLI (process ${record.cli.pid}) is gone` : record.reason,
    roles: record.roles.map((role) => ({
      ...role,
      running: role.endedAt === undefined && (!here || isAlive(role)),
    })),
  };
}
