import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../runs.ts";
import { findJobs } from "./find-jobs.ts";
import { phaseOf } from "./job-state.ts";
import { observeSlurmRuns } from "./observe.ts";
import { slurmTool } from "./tool.ts";

/** Slurm's own KillWait is 30 s by default, and the nodes clean up after it. */
const patienceMs = 90_000;

/**
 * Cancels a run's job and waits until Slurm has ended it on all nodes.
 *
 * @returns Slurm's state of the job, or undefined when it does not end in time
 * @throws {SggError} LAUNCH when Slurm refuses
 */
export async function cancelSlurmRun(run: Run): Promise<string | undefined> {
  const job = run.record.slurm?.job ?? "";
  await slurmTool("scancel", [job], `cancel run "${run.record.runId}"`);
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const found = (await findJobs([job])).get(job);
    const phase = found === undefined ? "done" : phaseOf(found.state);
    if (phase !== "queued" && phase !== "running") {
      await observeSlurmRuns([run]); // records the end
      return found?.state ?? "gone";
    }
    await delay(1000);
  }
  return undefined;
}
