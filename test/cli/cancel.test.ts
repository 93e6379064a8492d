import { describe, expect, it } from "vitest";
import { cancelCommand } from "../../src/cli/cancel.ts";
import { loadRecord } from "../../src/launch/load-record.ts";
import { writeRecord } from "../../src/launch/record.ts";
import { superviseRun } from "../../src/launch/supervise.ts";
import { eventually, isRunning, type RunFolder, runFolder } from "../launch/run-folder.ts";
import { startHost } from "../launch/start-host.ts";
import { runCommand } from "./run-command.ts";

const cancel = (...args: readonly string[]) => runCommand(cancelCommand, ...args);

async function hostOf(folder: RunFolder, program: string, ...args: string[]) {
  const roles = [folder.spec("sampler", "service", program, ...args)];
  const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
  await eventually("it runs", () => folder.alive().length > 0);
  return host;
}

describe("r1sgg cancel", () => {
  it("ends a run through its CLI", async () => {
    const folder = runFolder();
    const host = await hostOf(folder, "stubborn.sh");
    const { stdout, error } = await cancel(folder.dir);
    expect(error).toBeUndefined();
    expect(stdout).toBe('run "hosted": cancelled, its CLI ended on request, no process left\n');
    expect(folder.alive()).toEqual([]);
    expect(await host.exit).toEqual({ code: 130, signal: null });
    expect(await loadRecord(folder.dir)).toMatchObject({ state: "interrupted" });
  });

  it("ends what a lost run left behind", async () => {
    const folder = runFolder();
    const host = await hostOf(folder, "stubborn.sh");
    const reaper = (await loadRecord(folder.dir))?.reaper?.pid ?? 0;
    process.kill(host.pid, "SIGSTOP"); // else it would end the run when its reaper dies
    process.kill(reaper, "SIGKILL");
    process.kill(host.pid, "SIGKILL");
    await eventually("the host is gone", () => !isRunning(host.pid));
    expect((await cancel(folder.dir)).stdout).toMatch(
      /^run "hosted": had already ended \(lost\), \d process\(es\) left behind were ended\n$/,
    );
    expect(folder.alive()).toEqual([]);
    expect(await loadRecord(folder.dir)).toMatchObject({ state: "lost" });
  });

  it("says that a run had ended already", async () => {
    const folder = runFolder();
    const options = { runDir: folder.dir, runId: "run", say: () => undefined };
    await superviseRun(options, async () => undefined);
    const { stdout, error } = await cancel(folder.dir);
    expect([stdout, error]).toEqual([
      'run "run": had already ended (done), nothing to do\n',
      undefined,
    ]);
  });

  it("does not touch a stranger that has the number of the CLI now", async () => {
    const folder = runFolder();
    const host = await hostOf(folder, "forever.sh");
    const record = await loadRecord(folder.dir);
    if (!record) throw new Error("no record");
    const cli = { pid: host.pid, start: "another boot:1" };
    writeRecord(folder.dir, { ...record, cli, token: crypto.randomUUID(), roles: [] });
    expect((await cancel(folder.dir)).stdout).toContain("had already ended (lost)");
    expect(isRunning(host.pid)).toBe(true);
  });

  it("refuses a run of another machine, and an unknown one", async () => {
    const folder = runFolder();
    const options = { runDir: folder.dir, runId: "run", say: () => undefined };
    await superviseRun(options, async () => undefined);
    const record = await loadRecord(folder.dir);
    if (record) writeRecord(folder.dir, { ...record, state: "running", machine: "node017" });
    expect((await cancel(folder.dir)).error).toMatchObject({
      code: "LAUNCH",
      message: expect.stringContaining("node017"),
    });
    expect((await cancel("nothing", "--runs", "/nowhere")).error).toMatchObject({ code: "USAGE" });
  });
});
