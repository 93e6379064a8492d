import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/launch/record.ts";
import type { SlurmJob } from "../../../src/launch/slurm/job-state.ts";
import { rememberedJob, stateOf } from "../../../src/launch/slurm/observe.ts";
import type { RunEvent } from "../../../src/launch/slurm/run-events.ts";
import { whyEnded } from "../../../src/launch/slurm/why.ts";

const jobIn = (state: string, reason?: string): SlurmJob => ({
  ...{ job: "7", state, reason, timeLeft: undefined, nodes: "a1", exitCode: "1:0" },
});
const started: RunEvent = { time: "2026-01-01T00:00:00Z", event: "attempt started", attempt: 0 };
const asked: RunEvent = { ...started, event: "save asked" };
const endedAs = (state: string, reason = ""): readonly RunEvent[] => [
  started,
  { time: "2026-01-01T01:00:00Z", event: "ended", attempt: 0, state, reason },
];
const killed = 'Cannot go on without role "trainer": it was killed by signal 9 on a3, expected …';
const failed = 'Cannot go on without role "trainer": it ended with exit code 1 on a3, expected …';

const why = (job: SlurmJob | undefined, events: readonly RunEvent[], ...trainer: string[]) =>
  whyEnded({ job, events, logs: new Map([["trainer", trainer]]) });

describe("whyEnded", () => {
  it.each([
    ["time limit", jobIn("TIMEOUT"), endedAs("stopped"), ""],
    ["node failure", jobIn("NODE_FAIL", "NodeDown"), endedAs("stopped"), ""],
    ["preemption", jobIn("PREEMPTED"), endedAs("stopped"), ""],
    ["cancelled", jobIn("CANCELLED"), endedAs("stopped"), ""],
    ["out of memory", jobIn("OUT_OF_MEMORY"), endedAs("failed", killed), ""],
    [
      "out of memory",
      jobIn("FAILED"),
      endedAs("failed", failed),
      "torch.OutOfMemoryError: CUDA out of memory.",
    ],
    [
      "out of memory",
      jobIn("FAILED"),
      endedAs("failed", killed),
      "slurmstepd: error: Detected 1 oom_kill event",
    ],
    [
      "nccl",
      jobIn("FAILED"),
      endedAs("failed", failed),
      "[rank3]: Watchdog caught collective operation timeout",
    ],
    ["role", jobIn("FAILED"), endedAs("failed", failed), "ValueError: no"],
    ["done", jobIn("COMPLETED"), endedAs("done"), "a CUDA out of memory that was caught"],
    ["done", undefined, endedAs("done"), ""],
    ["queued", jobIn("PENDING", "Priority"), [], ""],
    ["running", jobIn("RUNNING"), [started], ""],
    ["unknown", undefined, [started], ""],
    ["upstream", jobIn("CANCELLED", "DependencyNeverSatisfied"), [], ""],
    ["unknown", undefined, endedAs("stopped"), ""],
    ["time limit", undefined, [started, asked, ...endedAs("stopped").slice(1)], ""],
    ["unknown", undefined, [started, asked, ...endedAs("stopped")], ""], // another start since
  ] as const)("says %s", (kind, job, events, line) => {
    expect(why(job, events, line).kind).toBe(kind);
  });

  it("quotes the lines that show it, and else the last words of the role that failed", () => {
    const nccl = why(jobIn("FAILED"), endedAs("failed", failed), "fine", "ncclSystemError: x");
    expect(nccl.lines).toEqual(["trainer | ncclSystemError: x"]);
    expect(nccl.sentence).toMatch(/NCCL.*it ended with exit code 1 on a3/);
    expect(why(jobIn("FAILED"), endedAs("failed", failed), "one", "two").lines).toEqual([
      "trainer | one",
      "trainer | two",
    ]);
  });
});

describe("stateOf", () => {
  const record = { state: "running", slurm: { job: "7", cluster: "x" } } as RunRecord;

  it.each([
    ["queued", jobIn("PENDING", "Priority"), [], "Priority"],
    ["running", jobIn("RUNNING"), [started], undefined],
    ["failed", jobIn("FAILED"), endedAs("failed", "because"), "because"],
    ["failed", jobIn("TIMEOUT"), endedAs("stopped"), "Slurm says TIMEOUT, exit code 1:0"],
    ["done", undefined, endedAs("done"), undefined],
    ["failed", undefined, endedAs("failed", "because"), "because"],
    ["queued", jobIn("PENDING", "BeginTime"), endedAs("requeued", "saved"), "BeginTime"],
  ] as const)("is %s", (state, job, events, reason) => {
    expect(stateOf(record, job, events)).toMatchObject({ state, reason });
  });

  it("is lost when neither Slurm nor the script knows an end, and as recorded once it has ended", () => {
    expect(stateOf(record, undefined, [started])).toMatchObject({ state: "lost", attempt: 0 });
    const over = { ...record, state: "failed", reason: "so" } as RunRecord;
    expect(stateOf(over, undefined, [])).toMatchObject({ state: "failed", reason: "so" });
  });
});

describe("rememberedJob", () => {
  const record = { state: "failed", slurm: { job: "7_1", cluster: "x" } } as RunRecord;

  it("is what was seen of a job that Slurm has forgotten", () => {
    const seen = jobIn("NODE_FAIL", "NodeDown");
    const kept = { ...record, reason: stateOf({ ...record, state: "running" }, seen, []).reason };
    const remembered = rememberedJob(kept);
    expect(remembered).toMatchObject({ job: "7_1", state: "NODE_FAIL", reason: "NodeDown" });
    expect(why(remembered, []).kind).toBe("node failure");
    const silent = rememberedJob({ ...record, reason: "Slurm says TIMEOUT, exit code 0:0" });
    expect(silent).toMatchObject({ state: "TIMEOUT", reason: undefined });
  });

  it("is nothing where the script had the last word, or the run goes on", () => {
    expect(rememberedJob({ ...record, reason: "Cannot go on" })).toBeUndefined();
    const reason = "Slurm says TIMEOUT";
    expect(rememberedJob({ ...record, state: "running", reason })).toBeUndefined();
  });
});
