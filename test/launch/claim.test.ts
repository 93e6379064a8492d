import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimRun } from "../../src/launch/claim.ts";
import { loadRecord } from "../../src/launch/load-record.ts";
import { processId } from "../../src/launch/processes.ts";
import { recordPath, writeRecord } from "../../src/launch/record.ts";
import { superviseRun } from "../../src/launch/supervise.ts";
import { errorOf, eventually, isRunning, type RunFolder, runFolder } from "./run-folder.ts";
import { startHost } from "./start-host.ts";

const claim = ({ dir }: RunFolder) =>
  claimRun({ runDir: dir, runId: "test", graceMs: 500, say: () => undefined });

describe("claimRun", () => {
  it("refuses a folder that a live run uses, naming its process", async () => {
    const folder = runFolder();
    const roles = [folder.spec("sampler", "service", "forever.sh")];
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
    await eventually("it runs", () => folder.alive().length === 1);
    expect(await errorOf(claim(folder))).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(`process ${host.pid} runs in it`),
    });
    expect(folder.alive()).toHaveLength(1);
    expect(await loadRecord(folder.dir)).toMatchObject({ runId: "hosted", state: "running" });
  });

  it("lets one of many at once have it", async () => {
    const folder = runFolder();
    const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claim(folder)));
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("succeeds an owner that is gone, after ending what it and its reaper left", async () => {
    const folder = runFolder();
    const roles = [folder.spec("sampler", "service", "stubborn.sh")];
    const host = await startHost({ runDir: folder.dir, graceMs: 60_000, roles });
    await eventually("it runs", () => folder.alive().length === 1);
    const before = await loadRecord(folder.dir);
    const reaper = before?.reaper?.pid ?? 0;
    process.kill(reaper, "SIGSTOP"); // so that the leftovers are ours to end
    process.kill(host.pid, "SIGKILL");
    await host.exit;
    if (before) writeRecord(folder.dir, { ...before, graceMs: 300, stages: ["sft"] });
    const after = await claim(folder);
    expect(folder.alive()).toEqual([]);
    await eventually("its reaper is gone", () => !isRunning(reaper));
    expect(after).toMatchObject({ state: "running", cli: { pid: process.pid }, stages: ["sft"] });
    expect(after.token).not.toBe(before?.token);
    expect(after.roles).toEqual([]);
    expect(readFileSync(join(folder.dir, "events.jsonl"), "utf8")).toContain('"taken over"');
  });

  it("does not take a new process with the owner's number for the owner", async () => {
    const folder = runFolder();
    const record = await claim(folder);
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    const cli = { pid: child.pid ?? 0, start: "another boot:1" };
    writeRecord(folder.dir, { ...record, cli });
    expect((await claim(folder)).cli).toEqual(processId(process.pid));
  });

  it("leaves a run of another machine alone", async () => {
    const folder = runFolder();
    const record = await claim(folder);
    const cli = { pid: 1, start: "another boot:1" };
    writeRecord(folder.dir, { ...record, cli, machine: "node017 pid:[1]" });
    expect(await errorOf(claim(folder))).toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("node017"),
    });
  });

  it("is free again after a run, and keeps what the run noted", async () => {
    const folder = runFolder();
    const options = { runDir: folder.dir, runId: "test", say: () => undefined };
    await superviseRun(options, async (run) => run.note({ stages: ["data"] }));
    await superviseRun(options, async () => undefined);
    expect(await loadRecord(folder.dir)).toMatchObject({ state: "done", stages: ["data"] });
  });

  it.each([
    ["no JSON", "{"],
    ["another's file", '{"runId": 3}'],
  ])("says that record.json is not a record: %s", async (_, text) => {
    const folder = runFolder();
    mkdirSync(folder.dir);
    writeFileSync(recordPath(folder.dir), text);
    expect(await errorOf(claim(folder))).toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(
        /Cannot read ".*record.json": .+, expected the record of a run/,
      ),
    });
  });

  it("says that a folder cannot be made", async () => {
    const folder = runFolder();
    writeFileSync(folder.dir, "a file");
    expect(await errorOf(claim(folder))).toMatchObject({
      code: "LAUNCH",
      message: expect.stringContaining("Cannot write"),
    });
  });
});
