import { describe, expect, it } from "vitest";
import { gpusIn, parseNodes } from "../../../src/launch/doctor/cluster-nodes.ts";
import {
  parseSacct,
  parseScontrol,
  parseSqueue,
  phaseOf,
} from "../../../src/launch/slurm/job-state.ts";
import { parseJobId } from "../../../src/launch/slurm/submit.ts";

/** As `scontrol show job` writes it; fields were added from version to version, these stayed. */
const scontrol = {
  "20.02": `JobId=123 JobName=grpo
   UserId=u(1000) GroupId=u(1000) MCS_label=N/A
   Priority=4294901759 Nice=0 Account=(null) QOS=(null)
   JobState=RUNNING Reason=None Dependency=(null)
   Requeue=1 Restarts=1 BatchFlag=1 Reboot=0 ExitCode=0:0
   RunTime=00:01:10 TimeLimit=12:00:00 TimeMin=N/A
   NodeList=nid00[1-4]
   BatchHost=nid001`,
  "22.05": `JobId=123 JobName=grpo
   JobState=NODE_FAIL Reason=NodeDown Dependency=(null)
   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:1
   NodeList=a[1-4]
   BatchHost=a1`,
  "24.11": `JobId=123 JobName=grpo
   JobState=PENDING Reason=BeginTime Dependency=(null)
   Requeue=1 Restarts=3 BatchFlag=1 Reboot=0 ExitCode=0:0
   ReqNodeList=(null) ExcNodeList=(null)
   NodeList=
   StepMgrEnabled=Yes`,
};

describe("what Slurm says of jobs", () => {
  it.each([
    ["20.02", { state: "RUNNING", reason: undefined, nodes: "nid00[1-4]", exitCode: "0:0" }],
    ["22.05", { state: "NODE_FAIL", reason: "NodeDown", nodes: "a[1-4]", exitCode: "0:1" }],
    ["24.11", { state: "PENDING", reason: "BeginTime", nodes: undefined, exitCode: "0:0" }],
  ] as const)("is read from scontrol of %s", (version, expected) => {
    expect(parseScontrol(scontrol[version])).toMatchObject({ job: "123", ...expected });
  });

  it("is read from scontrol for a task of a job array", () => {
    const text = "JobId=12 ArrayJobId=10 ArrayTaskId=3 JobName=x\n   JobState=FAILED Reason=None";
    expect(parseScontrol(text)).toMatchObject({ job: "10_3", state: "FAILED" });
  });

  it("is read from squeue, jobs of arrays and of several clusters among them", () => {
    const text = `123|RUNNING|None|11:59:10|a[1-4]
124|PENDING|Dependency|12:00:00|
125_3|RUNNING|None|1:00|a5
126+0|RUNNING|None|1:00|a1
126+1|RUNNING|None|1:00|a2

CLUSTER: x
`;
    expect(parseSqueue(text)).toEqual([
      { job: "123", state: "RUNNING", timeLeft: "11:59:10", nodes: "a[1-4]" },
      { job: "124", state: "PENDING", reason: "Dependency", timeLeft: "12:00:00" },
      { job: "125_3", state: "RUNNING", timeLeft: "1:00", nodes: "a5" },
      { job: "126", state: "RUNNING", timeLeft: "1:00", nodes: "a1" },
    ]);
  });

  it("is read from sacct, without steps, whoever cancelled it", () => {
    const text = `123|CANCELLED by 1000|None|a1|0:15
123.batch|CANCELLED||a1|0:15
123.0|OUT_OF_MEMORY||a1|0:125
124|TIMEOUT|None|a[1-4]|0:0
125_1|COMPLETED|None|a1|0:0
125_1.batch|COMPLETED||a1|0:0
126+0|FAILED|None|a1|4:0
126+1|FAILED|None|a2|4:0`;
    expect(parseSacct(text)).toMatchObject([
      { job: "123", state: "CANCELLED", exitCode: "0:15" },
      { job: "124", state: "TIMEOUT", nodes: "a[1-4]" },
      { job: "125_1", state: "COMPLETED" },
      { job: "126", state: "FAILED", nodes: "a1" },
    ]);
  });

  it.each([
    ["PENDING", "queued"],
    ["SIGNALING", "running"],
    ["COMPLETING", "running"],
    ["COMPLETED", "done"],
    ["PREEMPTED", "interrupted"],
    ["NODE_FAIL", "failed"],
    ["A_STATE_OF_2030", "failed"],
  ])("%s is %s for a run", (state, phase) => expect(phaseOf(state)).toBe(phase));

  it("is a job's id, with or without its cluster", () => {
    expect([parseJobId("12\n"), parseJobId("12;alps\n")]).toEqual(["12", "12"]);
    expect(() => parseJobId("Submitted batch job 12")).toThrow(/^Cannot read the job's id/);
  });

  it("is what nodes have", () => {
    expect(parseNodes("4|gpu:a100:4(S:0-1)|64+|512000+\n")).toEqual([
      { count: 4, gres: "gpu:a100:4(S:0-1)", cpus: 64, memoryMib: 512_000 },
    ]);
    expect(gpusIn("gpu:a100:4(S:0-1),gpu:h100:2,nvme:1", "a100")).toBe(4);
    expect(gpusIn("gpu:a100:4,gpu:h100:2", null)).toBe(6);
    expect([gpusIn("gpu:4", null), gpusIn("(null)", null)]).toEqual([4, 0]);
  });
});
