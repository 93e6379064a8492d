import { setTimeout as delay } from "node:timers/promises";
import { SggError } from "../errors.ts";
import { endProcesses } from "./end-processes.ts";
import { removeContainers } from "./leftovers.ts";
import { loadRecord } from "./load-record.ts";
import { isAlive, members } from "./processes.ts";
import { membershipOf, thisMachine, writeRecord } from "./record.ts";
import type { Run } from "./runs.ts";

/** What was done to end a run. */
export interface Cancelled {
  /** The CLI ended by request, had to be killed, or was gone before. */
  readonly cli: "ended" | "killed" | "gone";
  /** Processes of the run that outlived the CLI and were ended here. */
  readonly leftovers: number;
  /** Containers of the run that outlived those processes and were removed here. */
  readonly containers: number;
  /** Processes that nothing ends. */
  readonly stuck: readonly number[];
}

/** A CLI that was asked to stop needs its grace time, and some time to tell and write. */
const tellMs = 15_000;

/**
 * Ends a run: asks its CLI, waits for it, then ends what is left of the run by its marker.
 *
 * @throws {SggError} LAUNCH when the run belongs to another machine
 */
export async function cancelRun({ runDir, record }: Run): Promise<Cancelled> {
  if (record.machine !== thisMachine()) {
    throw new SggError(
      "LAUNCH",
      `Cannot cancel run "${record.runId}": it runs on "${record.machine}", expected to be called there`,
    );
  }
  const cli = record.state === "running" ? await endCli(record) : "gone";
  const now = (await loadRecord(runDir)) ?? record;
  const find = () => members(membershipOf(now.token === record.token ? now : record));
  const { found, left } = await endProcesses(find, { graceMs: record.graceMs });
  const containers = await removeContainers(record);
  if (now.token === record.token && now.state === "running") {
    const reason = "cancelled after its CLI had gone";
    writeRecord(runDir, { ...now, state: "lost", endedAt: new Date().toISOString(), reason });
  }
  return { cli, leftovers: found, containers, stuck: left.map(({ pid }) => pid) };
}

async function endCli({ cli, graceMs }: Run["record"]): Promise<Cancelled["cli"]> {
  if (!isAlive(cli)) return "gone";
  process.kill(cli.pid, "SIGTERM");
  const deadline = performance.now() + graceMs + tellMs;
  while (performance.now() < deadline) {
    if (!isAlive(cli)) return "ended";
    await delay(100);
  }
  process.kill(cli.pid, "SIGKILL");
  return "killed";
}
