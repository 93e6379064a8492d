import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Membership, ProcessId } from "./processes.ts";

/** `lost`: the CLI was killed, and could say nothing itself. */
export type RunState = "running" | "done" | "failed" | "interrupted" | "lost";

/** A role in `record.json`; without `endedAt` it runs. */
export interface RoleRecord extends ProcessId {
  readonly name: string;
  readonly kind: "service" | "task";
  readonly command: readonly string[];
  readonly log: string;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

/** The job of a run that was handed to Slurm. */
export interface SlurmRef {
  readonly job: string;
  /** Name of the cluster's profile. */
  readonly cluster: string;
}

/** What `RUN/record.json` holds. Other fields are kept as they are, also over a new start. */
export interface RunRecord {
  readonly runId: string;
  /** Value of R1SGG_RUN_TOKEN in every process of the run; new with each start. */
  readonly token: string;
  /** Host and pid namespace: elsewhere the numbers below mean nothing. */
  readonly machine: string;
  /** The CLI that leads the run. */
  readonly cli: ProcessId;
  readonly reaper?: ProcessId | undefined;
  readonly graceMs: number;
  readonly state: RunState;
  readonly stage?: string | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly reason?: string | undefined;
  readonly roles: readonly RoleRecord[];
  /** Then the run lives on a cluster, `machine` names that, and Slurm is asked how it is. */
  readonly slurm?: SlurmRef | undefined;
  readonly [more: string]: unknown;
}

export const recordPath = (runDir: string): string => join(runDir, "record.json");

/** Writes `record.json` so that readers see all of it or the one before. */
export function writeRecord(runDir: string, record: RunRecord): void {
  const path = recordPath(runDir);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

/** Our own record as we wrote it, not checked again; `loadRecord` is for files that others may touch. */
export const readOwnRecord = (runDir: string): RunRecord =>
  JSON.parse(readFileSync(recordPath(runDir), "utf8")) as RunRecord;

/** How the processes of a recorded run are found. */
export const membershipOf = (record: RunRecord): Membership => ({
  token: record.token,
  leaders: record.roles,
  logs: record.roles.map((role) => role.log),
});

/** How those of its tasks are found, task by task. */
export const tasksOf = ({ token, roles }: RunRecord): readonly Membership[] =>
  roles
    .filter(({ kind }) => kind === "task")
    .map((role) => ({ token, role: role.name, leaders: [role], logs: [role.log] }));

/** This host and pid namespace, as a container has its own. */
export function thisMachine(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname(); // no /proc: no pid namespaces either
  }
}
