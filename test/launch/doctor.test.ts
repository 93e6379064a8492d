import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { doctorCommand } from "../../src/cli/doctor.ts";
import { lookAtEngine } from "../../src/launch/doctor/engine.ts";
import type { Finding } from "../../src/launch/doctor/finding.ts";
import { lookAtMachine, type MachineView } from "../../src/launch/doctor/machine.ts";
import { r1sgg } from "../cli/r1sgg.ts";
import { runCommand } from "../cli/run-command.ts";
import { type Engine, startEngine } from "../helpers/docker/engine.ts";
import { requires } from "../helpers/requires.ts";

const named = (findings: readonly Finding[], name: string) =>
  findings.find((finding) => finding.name === name);

/** A variable of ours for one test. */
function setVariable(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

describe("lookAtMachine", () => {
  const view = (fields: Partial<MachineView> = {}): MachineView => ({
    ...{ env: process.env, limitsFile: "/proc/self/limits", sharedMemory: "/dev/shm" },
    askHub: async () => true,
    ...fields,
  });

  it("finds a Hub that does not answer, and says how to do without it", async () => {
    const found = await lookAtMachine(view({ askHub: async () => false }));
    expect(named(found, "Hugging Face Hub")).toMatchObject({
      level: "warning",
      mend: expect.stringContaining("HF_HUB_OFFLINE=1"),
    });
  });

  it("leaves a Hub alone that it is told to leave alone", async () => {
    const askHub = () => Promise.reject(new Error("asked"));
    const found = await lookAtMachine(
      view({ env: { ...process.env, HF_HUB_OFFLINE: "1" }, askHub }),
    );
    expect(named(found, "Hugging Face Hub")).toMatchObject({ level: "ok" });
  });

  it("finds a cache folder that cannot be written, and names the variable that moves it", async () => {
    setVariable("R1SGG_CACHE", "/proc/no/such/folder");
    const found = await lookAtMachine(view());
    expect(named(found, "folder of cache")).toMatchObject({
      level: "fault",
      mend: expect.stringContaining("R1SGG_CACHE"),
    });
  });

  it("finds a Python that no lock has wheels for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "r1sgg-python-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "old"), "#!/bin/sh\necho no >&2; exit 1\n", { mode: 0o755 });
    const env = { ...process.env, R1SGG_PYTHON: join(folder, "old") };
    const found = await lookAtMachine(view({ env }));
    expect(named(found, "Python")).toMatchObject({
      level: "warning",
      found: expect.stringContaining("does not run"),
    });
  });

  it("says how much shared memory there is", async () => {
    expect(named(await lookAtMachine(view()), "shared memory")?.found).toMatch(/^[\d.]+ GiB in /);
  });
});

describe("r1sgg doctor", () => {
  it("says where no engine is, without holding it against the machine", async () => {
    setVariable("DOCKER_HOST", "unix:///no/such/socket");
    setVariable("HF_HUB_OFFLINE", "1");
    const { stdout, error } = await runCommand(doctorCommand);
    expect(error).toBeUndefined();
    expect(stdout).toMatch(
      /^warn {3}engine: Cannot reach the container engine at "unix:\/\/\/no\/such\/socket": no engine answers there.*\n +→ start one/m,
    );
  });

  it("ends with exit code 4 where no run can work", async () => {
    setVariable("DOCKER_HOST", "unix:///no/such/socket");
    setVariable("HF_HUB_OFFLINE", "1");
    setVariable("R1SGG_CACHE", "/proc/no/such/folder");
    const { stdout, error } = await runCommand(doctorCommand, "--json");
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ level: "fault" }));
    expect(error).toMatchObject({
      code: "LAUNCH",
      message: "Cannot run on this machine as it is: folder of cache, expected no fault",
    });
  });
});

describe("r1sgg containers doctor", () => {
  it("looks at the engine alone", async () => {
    setVariable("DOCKER_HOST", "unix:///no/such/socket");
    const { code, out } = await r1sgg("containers", "doctor", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ name: "engine", level: "warning" }),
    ]);
  });
});

requires("docker").describe("lookAtEngine", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.close());

  it("looks at a real engine", async () => {
    setVariable("DOCKER_HOST", engine.host);
    const found = await lookAtEngine();
    expect(named(found, "engine")).toMatchObject({
      level: "ok",
      found: expect.stringMatching(/^Docker [\d.]+.* at unix:.*, x86_64, \d+ CPUs, [\d.]+ GiB$/),
    });
    expect(named(found, "builder")?.found).toBe("BuildKit");
    expect(named(found, "cgroups")?.found).toMatch(/^v[12], (cgroupfs|systemd)$/);
    expect(named(found, "images")).toMatchObject({ level: "warning" });
    expect(named(found, "disk for images")?.found).toMatch(/GiB free for "/);
  });
});
