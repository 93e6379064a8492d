import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect } from "vitest";
import { findContainers } from "../../src/launch/docker/sweep.ts";
import { loadRecord } from "../../src/launch/load-record.ts";
import { cliFile, shipped } from "../../src/root.ts";
import { type Engine, startEngine } from "../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../helpers/docker/light-base.ts";
import { importPythonBase, pythonBase } from "../helpers/docker/python-base.ts";
import { requires } from "../helpers/requires.ts";

requires("mmdebstrap").describe("a GRPO run in three containers", () => {
  let engine: Engine;
  const runs = mkdtempSync(join(tmpdir(), "r1sgg-runs-"));
  beforeAll(async () => {
    engine = await startEngine();
    await importLightBase(engine.docker);
    await importPythonBase(engine.docker);
  });
  afterAll(async () => {
    rmSync(runs, { recursive: true });
    await engine?.close();
  });

  const r1sgg = async (...args: readonly string[]): Promise<string> => {
    const env = { DOCKER_HOST: engine.host };
    return (await execa(process.execPath, [cliFile, ...args], { env })).stdout;
  };
  const launch = (recipe: string): Promise<string> => {
    const where = ["--on", "docker", "--gpus", "0", "--runs", runs, "--missing", "fail"];
    return r1sgg("launch", shipped(`recipes/smoke/${recipe}`), ...where);
  };
  const { it } = requires("mmdebstrap");

  it("builds the images, trains by SFT, then by GRPO against vLLM and the reward endpoint", async () => {
    await r1sgg("containers", "build", "reward", "--base", lightBase);
    await r1sgg("containers", "build", "sampler", "worker", "--base", pythonBase);
    await launch("sft.yaml");
    const id = await launch("grpo.yaml");
    expect(await loadRecord(join(runs, id))).toMatchObject({ state: "done" });
    const lines = readFileSync(join(runs, id, "progress", "trainer.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(5);
    expect(await findContainers(engine.host)).toEqual([]);
  }, 3_600_000);
});
