import type { SlurmJob } from "./job-state.ts";
import { lastEnd, type RunEvent } from "./run-events.ts";

/** What a run's end is judged by. */
export interface Evidence {
  readonly job: SlurmJob | undefined;
  readonly events: readonly RunEvent[];
  /** Last lines of the last attempt's logs, by role. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
}

/** Kinds of ends that call for different answers. */
export type EndKind =
  | "done"
  | "queued"
  | "running"
  | "time limit"
  | "node failure"
  | "out of memory"
  | "nccl"
  | "preemption"
  | "cancelled"
  | "upstream"
  | "role"
  | "unknown";

/** Why a run ended: a kind, a sentence, and the lines of logs that show it. */
export interface Verdict {
  readonly kind: EndKind;
  readonly sentence: string;
  readonly lines: readonly string[];
}

/** What logs say when memory or the network between GPUs is the reason, not who noticed it. */
const signs: readonly (readonly [EndKind, RegExp, string])[] = [
  [
    "out of memory",
    /CUDA out of memory|OutOfMemoryError|CUDA error: out of memory|No available memory for the cache blocks/,
    "a GPU had no memory left (smaller batches or lengths, more GPUs, a lower sampler.gpu_memory_utilization)",
  ],
  [
    "out of memory",
    /oom[-_ ]kill|Out Of Memory|Cannot allocate memory|MemoryError/i,
    "a node had no main memory left (node.memory_gib of the profile, fewer workers)",
  ],
  [
    "nccl",
    /ncclSystemError|ncclInternalError|ncclRemoteError|ncclUnhandledCudaError|NCCL WARN|Watchdog caught collective operation timeout|NCCL error/,
    "the GPUs lost each other (NCCL; see NCCL_SOCKET_IFNAME, NCCL_IB_HCA or the site's hook in the profile)",
  ],
];

/** States of Slurm that are a reason by themselves. */
const states: Readonly<Record<string, readonly [EndKind, string]>> = {
  TIMEOUT: [
    "time limit",
    "the job's time was up before its trainers had saved (raise slurm.signal_lead_seconds above the time of a step and a save)",
  ],
  DEADLINE: ["time limit", "the job's deadline passed"],
  NODE_FAIL: ["node failure", "a node of the job failed, and the job was not started again"],
  BOOT_FAIL: ["node failure", "a node of the job could not boot"],
  OUT_OF_MEMORY: [
    "out of memory",
    "a node had no main memory left (node.memory_gib of the profile, fewer workers)",
  ],
  PREEMPTED: ["preemption", "another job with more right took the nodes"],
  CANCELLED: ["cancelled", "somebody cancelled the job"],
};

/**
 * The reason of a run's end from Slurm's state, the script's words and the logs, in this order:
 * Slurm's state where it is a reason by itself, then signs in the logs, then what the script saw.
 */
export function whyEnded({ job, events, logs }: Evidence): Verdict {
  const end = lastEnd(events);
  const said = typeof end?.reason === "string" ? end.reason : undefined;
  if (job?.state === "CANCELLED" && job.reason === "DependencyNeverSatisfied")
    return { kind: "upstream", sentence: "the run that it waited for did not end well", lines: [] };
  const ofState = states[job?.state ?? ""];
  if (ofState !== undefined) {
    const [kind, sentence] = ofState;
    return {
      kind,
      sentence: job?.reason ? `${sentence}; Slurm: ${job.reason}` : sentence,
      lines: [],
    };
  }
  if (end?.state === "done") return { kind: "done", sentence: "it did all it had to", lines: [] };
  if (job?.state === "RUNNING" || job?.state === "COMPLETING")
    return { kind: "running", sentence: "it has not ended", lines: [] };
  if (job !== undefined && /^(PENDING|CONFIGURING|REQUEUE)/.test(job.state))
    return waiting(job, said);
  for (const [kind, sign, sentence] of signs) {
    const lines = linesWith(sign, logs);
    if (lines.length > 0)
      return { kind, sentence: said ? `${sentence}; ${said}` : sentence, lines };
  }
  if (end?.state === "failed" && said !== undefined)
    return { kind: "role", sentence: said, lines: lastWords(end, logs) };
  const known = job === undefined ? "Slurm has forgotten the job" : `Slurm says ${job.state}`;
  if (end?.state === "stopped" && wasAskedToSave(events))
    return { kind: "time limit", sentence: `${states.TIMEOUT![1]}; ${known}`, lines: [] };
  return {
    kind: "unknown",
    sentence: `${known}; the script said ${said ?? "no last word"}`,
    lines: [],
  };
}

/** In the last attempt: the script asks a while before the time limit. */
const wasAskedToSave = (events: readonly RunEvent[]): boolean =>
  events.findLast(({ event }) => event === "save asked" || event === "attempt started")?.event ===
  "save asked";

const waiting = (job: SlurmJob, said: string | undefined): Verdict => ({
  kind: "queued",
  sentence: `it waits in Slurm's queue (${job.reason ?? "no reason given"})${said ? `; before, ${said}` : ""}`,
  lines: [],
});

const linesWith = (sign: RegExp, logs: Evidence["logs"]): readonly string[] =>
  [...logs].flatMap(([role, lines]) =>
    lines
      .filter((line) => sign.test(line))
      .slice(0, 3)
      .map((line) => `${role} | ${line}`),
  );

/** Of the role that the script names. */
function lastWords(end: RunEvent, logs: Evidence["logs"]): readonly string[] {
  const role = /(?:role|use) "([^"]+)"/.exec(String(end.reason))?.[1] ?? "";
  return (logs.get(role) ?? []).slice(-10).map((line) => `${role} | ${line}`);
}
