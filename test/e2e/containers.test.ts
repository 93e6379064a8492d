import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect } from "vitest";
import { findContainers } from "../../src/launch/docker/sweep.ts";
import { cliFile, shipped } from "../../src/root.ts";
import { type Engine, startEngine } from "../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../helpers/docker/light-base.ts";
import { importPythonBase, pythonBase } from "../helpers/docker/python-base.ts";
import { requires } from "../helpers/requires.ts";
import { readJson, readLines } from "./smoke-process.ts";

const minute = 60_000;

/** GRPO of a model with random weights: what it learns is not looked at here. */
const recipe = `extends: ${JSON.stringify(shipped("recipes/smoke/grpo.yaml"))}
name: contained
model:
  from: null
  tiny: { layers: 2, hidden_size: 192, intermediate_size: 512, heads: 6, key_value_heads: 3 }
data: { train: { synth: { count: 8, seed: 1 } } }
grpo: { steps: 2 }
`;

const needing = requires("debian");
needing.describe("the images for CPU, on a base made here", () => {
  let engine: Engine;
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg-contained-"));
    engine = await startEngine();
    await importLightBase(engine.docker);
    await importPythonBase(engine.docker);
  }, 10 * minute);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await engine?.close();
  }, 10 * minute);

  const r1sgg = async (...args: readonly string[]): Promise<string> => {
    const env = { DOCKER_HOST: engine.host };
    return (await execa(process.execPath, [cliFile, ...args], { env })).stdout;
  };

  needing.it(
    "are built from the Dockerfiles, sampler and worker with one environment",
    async () => {
      await r1sgg("containers", "build", "reward", "--base", lightBase);
      await r1sgg("containers", "build", "sampler", "worker", "--base", pythonBase);
      const made = await Promise.all(
        ["sampler", "worker"].map(async (name) => {
          const listed = JSON.parse(await r1sgg("containers", "list", "--json"));
          const { id } = listed.find(({ image }: { readonly image: string }) => image === name);
          return engine.docker.getImage(id).inspect();
        }),
      );
      const [sampler = [], worker = []] = made.map(({ RootFS }) => RootFS.Layers ?? []);
      expect(made[0]?.Size, "no installer's cache stays in it").toBeLessThan(9e9);
      expect(sampler.length).toBeGreaterThan(3);
      expect(worker.slice(0, sampler.length)).toEqual(sampler);
    },
    40 * minute,
  );

  needing.it(
    "carry a GRPO run in three containers: weights in step, done, nothing left",
    async () => {
      writeFileSync(join(folder, "contained.yaml"), recipe);
      const where = ["--on", "docker", "--gpus", "0", "--runs", folder, "--missing", "fail"];
      const id = await r1sgg("launch", join(folder, "contained.yaml"), ...where);
      const run = join(folder, id);
      const { state, images } = readJson<{ state: string; images: object }>(run, "record.json");
      expect(state).toBe("done");
      expect(Object.keys(images).toSorted()).toEqual(["reward", "sampler", "worker"]);
      const progress = readLines<{ step?: number }>(run, "progress", "trainer.jsonl");
      expect(progress.flatMap(({ step }) => step ?? [])).toEqual([1, 2]);
      const integrity = readJson<{ syncs: readonly object[] }>(run, "train", "integrity.json");
      expect(integrity.syncs.length).toBeGreaterThanOrEqual(2);
      expect(readLines(run, "rewards.jsonl").length).toBeGreaterThan(0);
      const { stack } = readJson<{ stack: object }>(run, "facts.json");
      expect(Object.keys(stack)).toEqual(
        expect.arrayContaining(["python", "torch", "trl", "vllm"]),
      );
      expect(existsSync(join(run, "checkpoints", "final", "config.json"))).toBe(true);
      expect(await findContainers(engine.host)).toEqual([]);
    },
    30 * minute,
  );
});
