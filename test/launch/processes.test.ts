import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { endProcesses } from "../../src/launch/end-processes.ts";
import { isAlive, isDying, members, processId } from "../../src/launch/processes.ts";
import { eventually, zombie } from "./run-folder.ts";

/** The token of another run; no process has the token of `nobody`, not even one that a test is ending. */
const another = "5b9bd2a5-0000-4000-8000-000000000000";
const nobody = "5b9bd2a5-0000-4000-8000-000000000001";

function sleeper(env: Record<string, string> = {}) {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore", env });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, pid: child.pid ?? 0 };
}

describe("processId", () => {
  it("knows a live process again, and no other under its number", async () => {
    const { child, pid } = sleeper();
    const id = processId(pid);
    expect(id && isAlive(id)).toBe(true);
    expect(isAlive({ pid, start: "another boot:1" })).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(id && isAlive(id)).toBe(false);
    expect(processId(pid)).toBeUndefined();
  });
});

describe("isDying", () => {
  it("is true of a zombie only, which is no live process", async () => {
    const { pid } = sleeper();
    const dead = await zombie();
    expect([isDying({ pid, start: "" }), isDying({ pid: dead, start: "" })]).toEqual([false, true]);
    expect(processId(dead)).toBeUndefined();
  });
});

describe("members", () => {
  it("finds by marker, of the run or of one role, and nothing else", async () => {
    const token = crypto.randomUUID();
    const reward = sleeper({ R1SGG_RUN_TOKEN: token, R1SGG_RUN_ROLE: "reward" });
    const sampler = sleeper({ R1SGG_RUN_TOKEN: token, R1SGG_RUN_ROLE: "sampler" });
    sleeper({ R1SGG_RUN_TOKEN: another });
    sleeper({ R1SGG_RUN_TOKEN: `${token}0` });
    const find = (role?: string) =>
      members({ token, leaders: [], logs: [], ...(role && { role }) }).map(({ pid }) => pid);
    await eventually("both are marked", () => find().length === 2);
    expect(find().toSorted()).toEqual([reward.pid, sampler.pid].toSorted());
    expect(find("reward")).toEqual([reward.pid]);
  });

  it("finds a leader without marker by its session, unless another process has its number now", () => {
    const { pid } = sleeper();
    const id = processId(pid) ?? { pid, start: "" };
    const find = (start: string) =>
      members({ token: nobody, leaders: [{ pid, start }], logs: [] }).map((one) => one.pid);
    expect(find(id.start)).toEqual([pid]);
    expect(find("another boot:1")).toEqual([]);
  });

  it("finds who writes to the log, and not the others in that session, which may be a person's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "r1sgg-log-"));
    const log = join(folder, "role.log");
    const script = `sleep 600 & sleep 600 >>"${log}" & echo $!; wait`;
    const shell = spawn("sh", ["-c", script], { detached: true });
    onTestFinished(() => {
      process.kill(-(shell.pid ?? 0), "SIGKILL");
      rmSync(folder, { recursive: true });
    });
    let said = "";
    shell.stdout.on("data", (chunk) => {
      said += chunk;
    });
    const find = () => members({ token: nobody, leaders: [], logs: [log] }).map(({ pid }) => pid);
    await eventually("the writer writes", () => said !== "" && find().length > 0);
    expect(find()).toEqual([Number(said)]);
  });

  it("never finds the one who asks", () => {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const session = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]);
    const leader = processId(session) ?? { pid: session, start: "" };
    const found = members({ token: nobody, leaders: [leader], logs: [] });
    expect(found.map(({ pid }) => pid)).not.toContain(process.pid);
  });
});

describe("endProcesses", () => {
  it("asks a parent only, and its child when the parent has gone without it", async () => {
    const token = crypto.randomUUID();
    const script = `sh -c 'trap "echo child asked; exit" TERM; while :; do sleep 0.05; done' &
      trap 'echo parent asked; exit' TERM; while :; do sleep 0.05; done`;
    const parent = spawn("sh", ["-c", script], {
      ...{ detached: true, stdio: ["ignore", "pipe", "ignore"] },
      env: { PATH: process.env.PATH, R1SGG_RUN_TOKEN: token },
    });
    let said = "";
    parent.stdout?.on("data", (chunk) => {
      said += chunk;
    });
    const find = () => members({ token, leaders: [], logs: [] });
    await eventually("parent, child and sleeps run", () => find().length >= 3);
    const ending = await endProcesses(find, { graceMs: 10_000 });
    expect(ending).toMatchObject({ killed: [], left: [] });
    await eventually("both have said so", () => said.split("\n").length === 3);
    expect(said).toBe("parent asked\nchild asked\n");
  });

  it("does not ask twice", async () => {
    const { pid } = sleeper();
    const id = processId(pid) ?? { pid, start: "" };
    const asked = new Set([`${id.pid} ${id.start}`]);
    const find = () => members({ token: nobody, leaders: [id], logs: [] });
    const { killed } = await endProcesses(find, { graceMs: 200, asked });
    expect(killed).toEqual([id]); // SIGTERM would have ended it
  });
});
