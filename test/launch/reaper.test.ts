import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRecord } from "../../src/launch/load-record.ts";
import { eventually, isRunning, runFolder } from "./run-folder.ts";
import { startHost } from "./start-host.ts";

describe("the reaper", () => {
  it.each([
    ["the CLI", (pid: number) => pid],
    ["the whole process group of the CLI", (pid: number) => -pid],
  ])("ends all of a run after kill -9 of %s", async (_, target) => {
    const folder = runFolder();
    const roles = [
      folder.spec("sampler", "service", "run-away.sh", "marked", "stay"),
      folder.spec("reward", "service", "forever.sh"),
    ];
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
    await eventually("three run", () => folder.alive().length === 3);
    // Before this word the shell that waits has a sleep of its own now and then: a fifth process.
    await eventually("the shell waits no more", () =>
      readFileSync(join(folder.dir, "logs", "sampler.log"), "utf8").includes("grandchild is away"),
    );
    const reaper = (await loadRecord(folder.dir))?.reaper?.pid ?? 0;
    expect(isRunning(reaper)).toBe(true);
    process.kill(target(host.pid), "SIGKILL");
    await eventually("none runs", () => folder.alive().length === 0);
    await eventually("the reaper has gone too", () => !isRunning(reaper));
    const record = await loadRecord(folder.dir);
    expect(record).toMatchObject({ state: "lost", reason: expect.stringContaining("killed") });
    expect(record?.roles.every((role) => role.endedAt !== undefined)).toBe(true);
    const events = readFileSync(join(folder.dir, "events.jsonl"), "utf8");
    // the two services, the deaf shell that ran away, and its sleep: at least the last two have to be killed
    expect(events).toMatch(/"event":"lost","ended":4,"killed":[234],"left":\[\]/);
    expect(readFileSync(join(folder.dir, "logs", "reaper.log"), "utf8")).toMatch(/^--- .*\n$/);
  });

  it("ends even those that left the session, wiped their environment and lost their parent", async () => {
    const folder = runFolder();
    const task = folder.spec("sampler", "service", "run-away.sh", "bare", "stay");
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles: [task] });
    await eventually("two run", () => folder.alive().length === 2);
    const [parent = 0] = folder.noted();
    process.kill(host.pid, "SIGKILL");
    process.kill(parent, "SIGKILL");
    await eventually("none runs", () => folder.alive().length === 0);
  });

  it("is deaf to what ends a session", async () => {
    const folder = runFolder();
    const roles = [folder.spec("sampler", "service", "forever.sh")];
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles });
    await eventually("it runs", () => folder.alive().length === 1);
    const reaper = (await loadRecord(folder.dir))?.reaper?.pid ?? 0;
    const deaf = 0x4003n; // SIGHUP, SIGINT and SIGTERM, as bits of proc(5)'s SigCgt
    await eventually("it has put on its earmuffs", () => {
      const mask = /SigCgt:\t(\w+)/.exec(readFileSync(`/proc/${reaper}/status`, "utf8"))?.[1];
      return (BigInt(`0x${mask}`) & deaf) === deaf;
    });
    for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.kill(reaper, signal);
    process.kill(host.pid, "SIGKILL");
    await eventually("none runs", () => folder.alive().length === 0);
    await eventually("the record says so", async () => {
      return (await loadRecord(folder.dir))?.state === "lost";
    });
  });
});
