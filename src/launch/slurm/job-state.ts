/** A job as Slurm tells of it. */
export interface SlurmJob {
  /** Its number; of a task of a job array the array's and its own, `12_3`. */
  readonly job: string;
  /** Slurm's word in capitals, without flags: `RUNNING`, `NODE_FAIL`. */
  readonly state: string;
  /** Why it waits or ended, in Slurm's word; undefined when it has none. */
  readonly reason: string | undefined;
  /** Until its time limit, as Slurm writes it. */
  readonly timeLeft: string | undefined;
  readonly nodes: string | undefined;
  /** `code:signal` of the script. */
  readonly exitCode: string | undefined;
}

/** What a state of Slurm means for a run. */
export type JobPhase = "queued" | "running" | "done" | "failed" | "interrupted";

const phases: Readonly<Record<string, JobPhase>> = {
  ...{ PENDING: "queued", CONFIGURING: "queued", REQUEUED: "queued", REQUEUE_HOLD: "queued" },
  ...{ REQUEUE_FED: "queued", SPECIAL_EXIT: "queued", RESV_DEL_HOLD: "queued" },
  ...{ RUNNING: "running", COMPLETING: "running", SIGNALING: "running", STAGE_OUT: "running" },
  ...{ SUSPENDED: "running", STOPPED: "running", RESIZING: "running", POWER_UP_NODE: "running" },
  ...{ COMPLETED: "done", CANCELLED: "interrupted", PREEMPTED: "interrupted" },
};

/** A run's phase by its job's state; a state that we do not know is an end, and a bad one. */
export const phaseOf = (state: string): JobPhase => phases[state] ?? "failed";

/** What `squeue --format` is asked for: all its versions know these. */
export const squeueFormat = "%i|%T|%r|%L|%N";

/** Jobs of `squeue --noheader --array --format` by `squeueFormat`. */
export const parseSqueue = (text: string): readonly SlurmJob[] =>
  rowsOf(text, 5).map(([job, state = "", reason, timeLeft, nodes]) => ({
    ...{ job, state: plainState(state), reason: said(reason), timeLeft: said(timeLeft) },
    ...{ nodes: said(nodes), exitCode: undefined },
  }));

/** What `sacct --format` is asked for. */
export const sacctFormat = "JobID,State,Reason,NodeList,ExitCode";

/** Jobs of `sacct --noheader --parsable2`, without their steps. */
export const parseSacct = (text: string): readonly SlurmJob[] =>
  rowsOf(text, 5).map(([job, state = "", reason, nodes, exitCode]) => ({
    ...{ job, state: plainState(state), reason: said(reason), timeLeft: undefined },
    ...{ nodes: said(nodes), exitCode: said(exitCode) },
  }));

/** The first job of `scontrol show job`; undefined when there is none in the text. */
export function parseScontrol(text: string): SlurmJob | undefined {
  const field = (name: string): string | undefined =>
    said(new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1]);
  const [number, state] = [field("JobId"), field("JobState")];
  if (number === undefined || state === undefined) return undefined;
  const [array, task] = [field("ArrayJobId"), field("ArrayTaskId")];
  const job = array !== undefined && task !== undefined ? `${array}_${task}` : number;
  const [exitCode, nodes] = [field("ExitCode"), field("NodeList")];
  return {
    job,
    state: plainState(state),
    reason: field("Reason"),
    timeLeft: undefined,
    nodes,
    exitCode,
  };
}

/** Rows of jobs: steps are left out, and a heterogeneous job is its first component, `12+0`. */
function rowsOf(text: string, columns: number): readonly [string, ...string[]][] {
  const rows = text.split("\n").map((line) => line.split("|"));
  return rows.flatMap(([id = "", ...cells]) => {
    const job = /^(\d+(?:_\d+)?)(?:\+0)?$/.exec(id.trim())?.[1];
    return job === undefined || cells.length + 1 < columns ? [] : [[job, ...cells]];
  });
}

/** `CANCELLED by 1000` and `RUNNING+COMPLETING` are their first word. */
const plainState = (text: string): string => /^\w+/.exec(text.trim())?.[0] ?? "";

/** Slurm's ways to say nothing. */
const nothing = new Set([
  "",
  "None",
  "(null)",
  "N/A",
  "Unknown",
  "UNLIMITED",
  "None assigned",
  "NONE",
]);
const said = (text: string | undefined): string | undefined =>
  text === undefined || nothing.has(text.trim()) ? undefined : text.trim();
