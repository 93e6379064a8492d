import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { cancelCommand } from "../../../src/cli/cancel.ts";
import { containersPruneCommand } from "../../../src/cli/containers-prune.ts";
import { statusCommand } from "../../../src/cli/status.ts";
import { removeSecrets } from "../../../src/launch/docker/secrets.ts";
import { findContainers } from "../../../src/launch/docker/sweep.ts";
import { loadRecord } from "../../../src/launch/load-record.ts";
import { r1sgg } from "../../cli/r1sgg.ts";
import { runCommand } from "../../cli/run-command.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase } from "../../helpers/docker/light-base.ts";
import { requires } from "../../helpers/requires.ts";
import { eventually, isRunning, runFolder } from "../run-folder.ts";

const needing = requires("docker");

needing.describe("a run in containers whose CLI is stopped or killed", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await importLightBase(engine.docker);
    process.env.DOCKER_HOST = engine.host;
  });
  afterAll(async () => {
    delete process.env.DOCKER_HOST;
    await engine?.close();
  });

  const containers = () => findContainers(engine.host);
  async function startRun(): Promise<{
    dir: string;
    child: ChildProcess;
    pids: () => Promise<number[]>;
  }> {
    const { dir } = runFolder();
    const script = fileURLToPath(new URL("./host.ts", import.meta.url));
    const order = JSON.stringify({ host: engine.host, runDir: dir });
    const child = spawn(process.execPath, [script, order], {
      ...{ stdio: "ignore", detached: true },
      env: { ...process.env, HF_TOKEN: "hf_secret" },
    });
    const pids = async () => {
      const record = await loadRecord(dir);
      const roles = record?.roles.map(({ pid }) => pid) ?? [];
      return [...roles, record?.reaper?.pid ?? 0, child.pid ?? 0];
    };
    onTestFinished(async () => {
      for (const pid of await pids()) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    });
    await eventually("three containers run, and are recorded", async () => {
      const found = await containers();
      const recorded = (await loadRecord(dir))?.roles.length === 3;
      return recorded && found.filter(({ state }) => state === "running").length === 3;
    });
    return { dir, child, pids };
  }

  it("leaves nothing after Ctrl-C", async () => {
    const { dir, child } = await startRun();
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await containers()).toEqual([]);
    expect(await loadRecord(dir)).toMatchObject({ state: "interrupted" });
  });

  const trainerSays = (dir: string) =>
    eventually("the trainer asked its sampler", () => logOf(dir, "trainer").includes("answered"));
  const logOf = (dir: string, role: string) => readFileSync(join(dir, `logs/${role}.log`), "utf8");

  it("leaves nothing after cancel, which leaves roles the time to save", async () => {
    const { dir, child } = await startRun();
    await trainerSays(dir);
    const ended = once(child, "exit");
    expect(await runCommand(cancelCommand, dir)).toMatchObject({ error: undefined });
    await ended;
    expect(await containers()).toEqual([]);
    expect(logOf(dir, "trainer")).toContain("saved a checkpoint");
    expect(await loadRecord(dir)).toMatchObject({ state: "interrupted" });
  });

  it("leaves stopped containers after kill -9 of dockerd, which status and prune find", async () => {
    const { dir, child } = await startRun();
    await trainerSays(dir);
    const ended = once(child, "exit");
    await engine.kill();
    expect(await ended).toEqual([4, null]);
    const down = await runCommand(statusCommand, dir);
    expect(down.stdout).toMatch(/state +failed/);
    expect(down.stdout).toMatch(/unknown: the engine at ".*" does not answer/);
    await engine.start();
    const running = async () => (await containers()).filter(({ state }) => state === "running");
    await eventually("dockerd has ended them", async () => (await running()).length === 0);
    expect(await containers()).toHaveLength(3);
    const pruned = await runCommand(containersPruneCommand, "--force");
    expect(pruned.stdout).toContain("its run is over (failed)");
    expect(await containers()).toEqual([]);
  });

  it("leaves nothing after kill -9 of the CLI: the reaper removes the containers", async () => {
    const { dir, child } = await startRun();
    expect(existsSync(String((await loadRecord(dir))?.secrets))).toBe(true);
    process.kill(child.pid ?? 0, "SIGKILL");
    await eventually("no container is left", async () => (await containers()).length === 0);
    await eventually(
      "its secrets are gone",
      async () => !existsSync(String((await loadRecord(dir))?.secrets)),
    );
    await eventually("the record says so", async () => (await loadRecord(dir))?.state === "lost");
  });

  it("shows what is left after kill -9 of all processes at once; cancel removes it", async () => {
    const { dir, child, pids } = await startRun();
    for (const pid of await pids()) process.kill(pid, "SIGKILL");
    await once(child, "exit");
    expect(await containers()).toHaveLength(3);
    const { stdout } = await runCommand(statusCommand, dir);
    expect(stdout).toMatch(/state +lost/);
    expect(stdout).toMatch(/container {2}r1sgg-tiny-0123abcd-trainer \(Up /);
    const cancelled = await runCommand(cancelCommand, dir);
    expect(cancelled.stdout).toContain("3 container(s) left behind were removed");
    expect(await containers()).toEqual([]);
  });

  it("prune finds containers of dead runs, asks nobody without a terminal, and removes them by force", async () => {
    const { child, pids, dir } = await startRun();
    const alive = await runCommand(containersPruneCommand);
    expect(alive.stderr).toContain("no containers of dead runs");
    for (const pid of await pids()) process.kill(pid, "SIGKILL");
    await once(child, "exit");
    const asked = await runCommand(containersPruneCommand);
    expect(asked.stdout).toMatch(/r1sgg-tiny-0123abcd-sampler +Up .* its CLI is gone/);
    expect(asked.stderr).toContain("nothing removed");
    expect(await containers()).toHaveLength(3);
    const secrets = (await loadRecord(dir))?.secrets;
    onTestFinished(() => removeSecrets(secrets)); // nobody else knows where they are now
    rmSync(join(dir, "record.json"));
    const forced = await runCommand(containersPruneCommand, "--force");
    expect(forced.stdout).toContain("its run folder has no record");
    expect(await containers()).toEqual([]);
  });

  it("goes on by resume, which first removes what an earlier start left", async () => {
    const { dir, child, pids } = await startRun();
    const answers = () => logOf(dir, "trainer").match(/answered/g)?.length ?? 0;
    await eventually("the first trainer asked its sampler", () => answers() === 1);
    for (const pid of await pids()) process.kill(pid, "SIGKILL");
    await once(child, "exit");
    const before = await containers();
    writeFileSync(join(dir, "finish"), "");
    const { code, err } = await r1sgg("resume", dir);
    expect(code, err).toBe(0);
    expect(before).toHaveLength(3);
    expect(await containers()).toEqual([]);
    expect(await loadRecord(dir)).toMatchObject({ state: "done" });
    expect(answers(), "the second log follows the first").toBe(2);
  });
});
