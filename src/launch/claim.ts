import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { SggError } from "../errors.ts";
import { endProcesses } from "./end-processes.ts";
import { appendEvent } from "./events.ts";
import { journalError } from "./journal.ts";
import { removeContainers } from "./leftovers.ts";
import { loadRecord } from "./load-record.ts";
import { isAlive, members, processId } from "./processes.ts";
import { membershipOf, type RunRecord, thisMachine, writeRecord } from "./record.ts";

/** Who wants the folder. */
export interface Claim {
  readonly runDir: string;
  readonly runId: string;
  readonly graceMs: number;
  readonly say: (text: string) => void;
  readonly hurry?: AbortSignal;
}

/**
 * Takes a run folder for this process by writing its `record.json` in state `running`.
 *
 * The record is the lock: it names its owner, and an owner that is gone is succeeded after its
 * leftovers have been ended. A short file lock keeps two from doing this at once.
 *
 * @throws {SggError} USAGE when another live process has the folder; LAUNCH when it cannot be written
 */
export async function claimRun(claim: Claim): Promise<RunRecord> {
  const { runDir, runId, graceMs } = claim;
  const cannotWrite = (cause: Error) => journalError(runDir, cause);
  await mkdir(runDir, { recursive: true }).catch((cause: Error) =>
    Promise.reject(cannotWrite(cause)),
  );
  const release = await lockfile
    .lock(runDir, {
      lockfilePath: join(runDir, ".claim"),
      realpath: false,
      stale: 10_000,
      retries: { retries: 60, minTimeout: 100, maxTimeout: 1000 },
    })
    .catch((cause: Error) => Promise.reject(cannotWrite(cause)));
  try {
    const previous = await loadRecord(runDir);
    if (previous !== undefined) await succeed(previous, claim);
    const cli = processId(process.pid);
    if (cli === undefined) throw new Error("this process has no identity");
    const record: RunRecord = {
      ...{ runId, token: randomUUID(), machine: thisMachine(), cli, graceMs },
      ...{ state: "running", startedAt: new Date().toISOString(), roles: [] },
      ...noted(previous),
    };
    try {
      writeRecord(runDir, record);
    } catch (cause) {
      throw cannotWrite(cause as Error);
    }
    return record;
  } finally {
    await release();
  }
}

/** What an earlier start noted beyond our own fields. */
function noted(previous: RunRecord | undefined): Readonly<Record<string, unknown>> {
  const fields = Object.entries(previous ?? {});
  return Object.fromEntries(fields.filter(([name]) => !ownFields.includes(name)));
}
const ownFields = [
  ...["runId", "token", "machine", "cli", "reaper", "graceMs", "state", "stage"],
  ...["startedAt", "endedAt", "reason", "roles"],
];

/** Refuses when the owner lives; else ends whatever it left. */
async function succeed(previous: RunRecord, { runDir, say, hurry }: Claim): Promise<void> {
  const { cli, machine, state, graceMs, reaper } = previous;
  const here = machine === thisMachine();
  if (state === "running" && (!here || isAlive(cli))) {
    const where = here ? "" : ` on "${machine}", which we cannot see from here`;
    throw new SggError(
      "USAGE",
      `Cannot use the run folder "${runDir}": process ${cli.pid}${where} runs in it since ${previous.startedAt}, expected a free folder (give another one, or end that run first: r1sgg cancel ${runDir})`,
    );
  }
  if (!here) return;
  if (reaper !== undefined && isAlive(reaper)) process.kill(reaper.pid, "SIGKILL");
  const find = () => members(membershipOf(previous));
  const count = find().length;
  if (count > 0) say(`ending ${count} process(es) that an earlier start of this run left behind`);
  await endProcesses(find, { graceMs, hurry });
  const containers = await removeContainers(previous);
  if (containers > 0) say(`removed ${containers} container(s) that it left behind`);
  if (state === "running") appendEvent(runDir, "taken over", { from: cli.pid, left: count });
}
