import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { statusCommand } from "../../src/cli/status.ts";
import { loadRecord } from "../../src/launch/load-record.ts";
import { superviseRun } from "../../src/launch/supervise.ts";
import { eventually, isRunning, type RunFolder, runFolder } from "../launch/run-folder.ts";
import { startHost } from "../launch/start-host.ts";
import { runCommand } from "./run-command.ts";

const status = (...args: readonly string[]) => runCommand(statusCommand, ...args);
const runsOf = ({ dir }: RunFolder) => join(dir, "..");

async function endedRun(folder: RunFolder, runId: string, program: string, ...args: string[]) {
  const options = { runDir: join(runsOf(folder), runId), runId, say: () => undefined };
  const work = superviseRun(options, async (run) => {
    run.stage("sft");
    await (await run.start(folder.spec("sft", "task", program, ...args))).done;
  });
  await work.catch(() => undefined);
}

describe("r1sgg status", () => {
  it("shows a live run with its stage and processes", async () => {
    const folder = runFolder();
    const roles = [folder.spec("sampler", "service", "forever.sh")];
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
    await eventually("it runs", () => folder.alive().length === 1);
    const [pid] = folder.alive();
    const table = (await status("--runs", runsOf(folder))).stdout.split("\n");
    expect(table[0]).toMatch(
      /^RUN +STATE +STAGE +STEP +SPEED +REWARD +LEFT +WHERE +STARTED +ENDED +REASON$/,
    );
    expect(table[1]).toMatch(
      new RegExp(
        `^hosted +running +waiting +- +- +- +- +${host.pid} sampler:${pid} +\\d{4}-.* +- +-$`,
      ),
    );
    const { stdout } = await status("hosted", "--runs", runsOf(folder), "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ id: "hosted", state: "running", stage: "waiting", pid: host.pid, folder: folder.dir },
      roles: [{ name: "sampler", pid, running: true }],
    });
  });

  it("calls a run lost whose CLI and reaper were killed", async () => {
    const folder = runFolder();
    const roles = [folder.spec("sampler", "service", "forever.sh")];
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
    const { stdout } = await status(folder.dir, "--json");
    expect(JSON.parse(stdout).state).toBe("running");
    const reaper = (await loadRecord(folder.dir))?.reaper?.pid ?? 0;
    process.kill(reaper, "SIGSTOP");
    host.child.kill("SIGKILL");
    await eventually("the host is gone", () => !isRunning(host.pid));
    const lost = JSON.parse((await status(folder.dir, "--json")).stdout);
    process.kill(reaper, "SIGKILL");
    expect(lost).toMatchObject({ state: "lost", reason: expect.stringContaining("is gone") });
    expect(lost.roles).toMatchObject([{ name: "sampler", running: true }]);
  });

  it("shows how others ended, oldest first, and why", async () => {
    const folder = runFolder();
    await endedRun(folder, "first", "fail.sh", "0");
    await endedRun(folder, "second", "fail.sh", "3");
    mkdirSync(join(runsOf(folder), "no-run"));
    const { stdout } = await status("--runs", runsOf(folder));
    expect(stdout).toMatch(
      /\nfirst +done +sft( +-){5} .*\nsecond +failed +sft( +-){5} .*role "sft".*\n$/,
    );
    expect(stdout).not.toContain("line 30");
    const detail = (await status("second", "--runs", runsOf(folder))).stdout;
    expect(detail).toMatch(/^run +second\n/);
    expect(detail).toMatch(/reason +Cannot go on without role "sft"(.*\n)+ {2}line 30\n/);
    expect(detail).toMatch(/\nsft +\d+ +exit 3 /);
  });

  it("says so when there are none", async () => {
    const { stdout, stderr } = await status("--runs", "/nowhere");
    expect([stdout, stderr]).toEqual(["", 'no runs in "/nowhere"\n']);
    expect((await status("--runs", "/nowhere", "--json")).stdout).toBe("[]\n");
  });

  it("names the runs there are when it knows none of that name", async () => {
    const folder = runFolder();
    await endedRun(folder, "first", "fail.sh", "0");
    expect((await status("frist", "--runs", runsOf(folder))).error).toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/Cannot find run "frist": .*: first$/),
    });
  });
});
