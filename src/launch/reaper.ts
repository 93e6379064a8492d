/**
 * Ends a run whose CLI was killed: `node reaper.ts RUNDIR TOKEN GRACE_MS`, its stdin a pipe from the CLI.
 *
 * The pipe closes when the CLI is gone, whatever took it. Without the word "done" before, all that
 * the run started is ended and the record says so. It imports nothing heavy: it waits all run long.
 */
import { endProcesses } from "./end-processes.ts";
import { appendEvent } from "./events.ts";
import { removeContainers } from "./leftovers.ts";
import { members } from "./processes.ts";
import { membershipOf, type RunRecord, readOwnRecord, writeRecord } from "./record.ts";

const [runDir = "", token = "", graceMs = ""] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

let words = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  words += chunk;
});
process.stdin.on("error", () => process.stdin.destroy());
process.stdin.on("close", () => {
  if (words !== "done\n") void reap();
});

async function reap(): Promise<void> {
  const before = ownRecord();
  const membership = before ? membershipOf(before) : { token, leaders: [], logs: [] };
  const { found, killed, left } = await endProcesses(() => members(membership), {
    graceMs: Number(graceMs),
  });
  if (before) await removeContainers(before).catch((error: Error) => console.error(error.message));
  const record = ownRecord();
  if (record?.state !== "running") return;
  const endedAt = new Date().toISOString();
  const counts = { ended: found, killed: killed.length, left: left.map(({ pid }) => pid) };
  const reason = `the CLI (process ${record.cli.pid}) was killed or crashed; its watchdog ended ${found} process(es) of the run`;
  const roles = record.roles.map((role) => ({ ...role, endedAt: role.endedAt ?? endedAt }));
  writeRecord(runDir, { ...record, state: "lost", endedAt, reason, roles });
  appendEvent(runDir, "lost", counts);
}

/** The record, unless the folder is gone or has a new owner by now. */
function ownRecord(): RunRecord | undefined {
  try {
    const record = readOwnRecord(runDir);
    return record.token === token ? record : undefined;
  } catch (cause) {
    console.error(cause); // the reaper's log; the marker alone has to do
    return undefined;
  }
}
