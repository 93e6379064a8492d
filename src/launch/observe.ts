import { type RunProgress, runProgress } from "./run-progress.ts";
import { observeRun, type Run, type RunStatus } from "./runs.ts";
import type { SlurmJob } from "./slurm/job-state.ts";
import { observeSlurmRuns, type SlurmRunState } from "./slurm/observe.ts";

/** A run wherever it is, in words of `r1sgg status --json`. */
export interface Observed extends Omit<RunStatus, "state"> {
  readonly state: RunStatus["state"] | "queued";
  readonly progress: RunProgress | undefined;
  /** Of a run on a cluster. */
  readonly slurm:
    | {
        readonly job: string;
        readonly cluster: string;
        readonly attempt: number | undefined;
        /** Undefined when Slurm has forgotten it. */
        readonly known: SlurmJob | undefined;
      }
    | undefined;
}

/**
 * Looks how runs are, local ones and those on a cluster.
 *
 * @throws {SggError} LAUNCH when one is on a cluster and Slurm does not answer
 */
export async function observeRuns(runs: readonly Run[]): Promise<readonly Observed[]> {
  const onCluster = runs.filter(({ record }) => record.slurm !== undefined);
  const states = await observeSlurmRuns(onCluster);
  const found = new Map(onCluster.map((run, at) => [run, states[at]]));
  return Promise.all(
    runs.map(async (run) => toObserved(run, await runProgress(run.runDir), found.get(run))),
  );
}

function toObserved(
  run: Run,
  progress: RunProgress | undefined,
  now: SlurmRunState | undefined,
): Observed {
  const status = observeRun(run);
  const { slurm } = run.record;
  if (now === undefined || slurm === undefined) return { ...status, progress, slurm: undefined };
  const { state, reason, endedAt: ended, attempt, job: known } = now;
  return { ...status, ...{ progress, state, reason, ended }, slurm: { ...slurm, attempt, known } };
}
