import { readFileSync } from "node:fs";
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
