import { SggError } from "../../errors.ts";
import { type RunRecord, type RunState, writeRecord } from "../record.ts";
import type { Run } from "../runs.ts";
import { findJobs } from "./find-jobs.ts";
import { phaseOf, type SlurmJob } from "./job-state.ts";
import { lastEnd, type RunEvent, readEvents } from "./run-events.ts";

/** A run on a cluster as it is now. */
export interface SlurmRunState {
  readonly state: RunState | "queued";
  readonly reason: string | undefined;
  readonly endedAt: string | undefined;
  /** Starts so far, from 0; undefined before the first. */
  readonly attempt: number | undefined;
  readonly job: SlurmJob | undefined;
}

/**
 * Looks how runs on a cluster are, with one question to Slurm for all that are under way.
 *
 * Where Slurm does not answer they stay as they were seen last, with that as the reason.
 */
export async function observeSlurmRuns(runs: readonly Run[]): Promise<readonly SlurmRunState[]> {
  const ids = runs.flatMap(({ record: { state, slurm } }) =>
    state === "running" && slurm ? [slurm.job] : [],
  );
  const jobs = await findJobs(ids).catch((cause: unknown) => {
    if (cause instanceof SggError) return cause;
    throw cause;
  });
  return Promise.all(
    runs.map(async ({ runDir, record }) => {
      const events = await readEvents(runDir);
      if (jobs instanceof SggError && record.state === "running")
        return { ...stateOf(record, unseen, events), reason: jobs.message, job: undefined };
      const known = jobs instanceof SggError ? undefined : jobs.get(record.slurm?.job ?? "");
      const now = stateOf(record, known, events);
      if (record.state === "running") keep(runDir, record, now);
      return now;
    }),
  );
}

/** A job of which nothing is known but that it was under way. */
const unseen: SlurmJob = {
  ...{ job: "", state: "RUNNING", reason: undefined, timeLeft: undefined },
  ...{ nodes: undefined, exitCode: undefined },
};

/**
 * What Slurm, the script and the record say, as one: while the job is known its state counts, after
 * that the script's last word; a job that neither knows is lost.
 */
export function stateOf(
  record: RunRecord,
  job: SlurmJob | undefined,
  events: readonly RunEvent[],
): SlurmRunState {
  const attempt = events.findLast((one) => one.event === "attempt started")?.attempt;
  const end = lastEnd(events);
  const known = { attempt, job };
  const said = typeof end?.reason === "string" ? end.reason : undefined;
  if (record.state !== "running")
    return { ...known, state: record.state, reason: record.reason, endedAt: record.endedAt };
  if (job !== undefined) {
    const state = phaseOf(job.state);
    if (state === "queued") return { ...known, state, reason: job.reason, endedAt: undefined };
    if (state === "running") return { ...known, state, reason: undefined, endedAt: undefined };
    const reason = end?.state === "failed" ? said : describe(job);
    return { ...known, state, reason: state === "done" ? undefined : reason, endedAt: end?.time };
  }
  if (end?.state === "done")
    return { ...known, state: "done", reason: undefined, endedAt: end.time };
  if (end?.state === "failed")
    return { ...known, state: "failed", reason: said, endedAt: end.time };
  const reason = `Slurm has forgotten job ${record.slurm?.job}, and its script said no last word`;
  return {
    ...known,
    state: "lost",
    reason: end ? `job ended: ${said}` : reason,
    endedAt: end?.time,
  };
}

const describe = ({ state, reason, exitCode }: SlurmJob): string =>
  [`Slurm says ${state}`, reason, exitCode && `exit code ${exitCode}`].filter(Boolean).join(", ");

/** What Slurm said of a run's job when its end was seen, for when it has forgotten that. */
export function rememberedJob({ slurm, reason, state }: RunRecord): SlurmJob | undefined {
  const [, said, rest] = /^Slurm says ([A-Z_]+)(?:, (\w+))?/.exec(reason ?? "") ?? [];
  if (slurm === undefined || said === undefined || state === "running") return undefined;
  const why = rest === "exit" ? undefined : rest;
  return { ...unseen, job: slurm.job, state: said, reason: why };
}

/** Slurm forgets jobs: an end that was seen is kept in the record. */
function keep(runDir: string, record: RunRecord, now: SlurmRunState): void {
  if (now.state === "queued" || now.state === "running") return;
  const { state, reason } = now;
  const endedAt = now.endedAt ?? new Date().toISOString();
  writeRecord(runDir, { ...record, state, reason, endedAt });
}
