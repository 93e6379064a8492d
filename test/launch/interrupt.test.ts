import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRecord } from "../../src/launch/load-record.ts";
import { eventually, type RunFolder, runFolder } from "./run-folder.ts";
import { type Host, startHost } from "./start-host.ts";

/** A host whose only role ignores SIGTERM. */
async function stubbornHost(folder: RunFolder, graceMs: number): Promise<Host> {
  const spec = folder.spec("sampler", "service", "stubborn.sh");
  const host = await startHost({ runDir: folder.dir, graceMs, roles: [spec] });
  await eventually("it ignores", () => readFileSync(spec.logPath, "utf8").includes("ignoring"));
  return host;
}

describe("an interrupted run", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("stops cleanly on %s", async (signal) => {
    const folder = runFolder();
    const spec = folder.spec("sampler", "service", "forever.sh");
    const host = await startHost({ runDir: folder.dir, graceMs: 5000, roles: [spec] });
    host.child.kill(signal);
    expect(await host.exit).toEqual({ code: 130, signal: null });
    expect(folder.alive()).toEqual([]);
    const record = await loadRecord(folder.dir);
    expect(record).toMatchObject({ state: "interrupted", stage: "waiting" });
    expect(record?.reason).toContain(signal);
    expect(host.stderr()).toContain("Ctrl-C again kills at once");
  });

  it("ends who trains while the services still answer, so that it can save", async () => {
    const folder = runFolder();
    const service = folder.spec("sampler", "service", "forever.sh");
    const told = join(folder.dir, "told");
    const saves = `process.on("SIGTERM", () => setTimeout(() => {
      const alive = require("node:fs").readFileSync(process.env.PIDS, "utf8").trim().split("\\n")
        .every((pid) => { try { return process.kill(pid, 0); } catch { return false; } });
      require("node:fs").writeFileSync(${JSON.stringify(told)}, String(alive));
      process.exit(75);
    }, 500)); setInterval(() => {}, 1000); console.log("at " + "work");`;
    const task = { ...folder.spec("trainer", "task", "forever.sh"), command: process.execPath };
    const trainer = { ...task, args: ["-e", saves] };
    const host = await startHost({
      runDir: folder.dir,
      graceMs: 20_000,
      roles: [service, trainer],
    });
    await eventually("it trains", () => readFileSync(trainer.logPath, "utf8").includes("at work"));
    await eventually("the service runs", () => folder.alive().length > 0);
    host.child.kill("SIGINT");
    expect(await host.exit).toMatchObject({ code: 130 });
    expect(readFileSync(told, "utf8")).toBe("true");
    expect(folder.alive()).toEqual([]);
  });

  it("waits the grace out after one Ctrl-C, then kills", async () => {
    const folder = runFolder();
    const host = await stubbornHost(folder, 700);
    const start = performance.now();
    host.child.kill("SIGINT");
    expect(await host.exit).toMatchObject({ code: 130 });
    expect(performance.now() - start).toBeGreaterThan(700);
    expect(folder.alive()).toEqual([]);
  });

  it("kills at once after two", async () => {
    const folder = runFolder();
    const host = await stubbornHost(folder, 60_000);
    host.child.kill("SIGINT");
    await eventually("it has heard the first", () => host.stderr().includes("SIGINT"));
    host.child.kill("SIGINT");
    expect(await host.exit).toMatchObject({ code: 130 });
    expect(folder.alive()).toEqual([]);
  });

  it("ends as cleanly when its terminal is gone", async () => {
    const folder = runFolder();
    const spec = folder.spec("sampler", "service", "forever.sh");
    const host = await startHost({ runDir: folder.dir, graceMs: 5000, roles: [spec] });
    host.child.stderr?.destroy();
    host.child.stdout?.destroy();
    host.child.kill("SIGHUP");
    expect(await host.exit).toEqual({ code: 130, signal: null });
    expect(folder.alive()).toEqual([]);
    expect(await loadRecord(folder.dir)).toMatchObject({ state: "interrupted" });
  });
});
