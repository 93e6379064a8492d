import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import type { SlurmCluster } from "../helpers/slurm-cluster.ts";
import {
  hosts,
  jobOver,
  r1sggOn,
  runFiles,
  runProcesses,
  type Status,
  startRealCluster,
} from "../helpers/slurm-real.ts";
import { readJson, readLines, until } from "./smoke-process.ts";

const minute = 60_000;
const scenes = { synth: { count: 4, seed: 2 } };

/**
 * The chain of recipes/smoke, shorter, with a recipe of the paper as its GRPO: two servers and two
 * trainers, on four places without a GPU. What differs is the size of all, and what needs a GPU.
 */
const recipes = {
  sft: {
    extends: shipped("recipes/smoke/sft.yaml"),
    sft: { steps: 40, checkpoints: { every_steps: 20 } },
  },
  grpo: {
    extends: shipped("recipes/paper/r1-sgg/2b-vg150-open.yaml"),
    seed: 0,
    model: { from: "sft.yaml" },
    image: { max_pixels: 18_816 },
    data: { train: { synth: { count: 64, seed: 1 } } },
    grpo: {
      ...{ steps: 2, prompts_per_step: 4, num_generations: 8, max_completion_length: 192 },
      ...{ max_prompt_length: 1024, dtype: "float32", tf32: false, parallel: "ddp" },
      // So short a training earns no reward: this changes the weights, which the servers must follow.
      ...{ learning_rate: 0.01, weight_decay: 5, checkpoints: { every_steps: 1 } },
    },
    rewards: { similarity: "exact" },
    sampler: { mode: "server", max_model_len: 2048, max_num_seqs: 32, enforce_eager: true },
    resources: { gpus: 4, device: "cpu" },
  },
  infer: {
    extends: shipped("recipes/smoke/infer.yaml"),
    model: { from: "grpo.yaml" },
    data: { eval: scenes },
  },
  eval: {
    extends: shipped("recipes/smoke/eval.yaml"),
    predictions: { from: "infer.yaml" },
    data: { eval: scenes },
  },
};

/** What this test needs of integrity.json. */
interface Integrity {
  readonly steps: readonly { readonly samplers: Readonly<Record<string, number>> }[];
}

requires("slurm").describe("a real Slurm", () => {
  requires("python").describe("runs a chain of four jobs, each after the one before it", () => {
    let cluster: SlurmCluster;
    let folder: string;
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      ({ cluster, folder } = await startRealCluster(recipes));
    }, 5 * minute);
    afterAll(() => cluster?.stop());

    const r1sgg = (...args: readonly string[]) => r1sggOn(cluster, folder)(...args);
    const runOf = (name: string) => join(folder, "runs", ids[name]!);
    const statusOf = async (name: string) =>
      JSON.parse(await r1sgg("status", ids[name]!, "--json")) as Status;
    const jobOf = (name: string) =>
      readJson<{ slurm: { job: string } }>(runOf(name), "record.json").slurm.job;
    const isDone = async (name: string): Promise<string> => {
      await jobOver(cluster, jobOf(name), 20);
      const { state, reason } = await statusOf(name);
      expect([state, reason], await r1sgg("logs", ids[name]!)).toEqual(["done", undefined]);
      expect(readJson(runOf(name), "record.json")).toMatchObject({ state: "done" });
      expect(runFiles.filter((file) => !existsSync(join(runOf(name), file)))).toEqual([]);
      return runOf(name);
    };
    const processes = async () =>
      (await Promise.all(hosts.map((host) => runProcesses(cluster, host)))).flat();

    it(
      "takes them all at once",
      async () => {
        const before: Record<string, string> = { grpo: "sft", infer: "grpo", eval: "infer" };
        for (const name of Object.keys(recipes)) {
          const gpus = name === "grpo" ? "4" : "0";
          const args = ["--on", "slurm", "--cluster", "cluster.yaml", "--gpus", gpus];
          ids[name] = await r1sgg("launch", `${name}.yaml`, ...args);
          const maker = before[name];
          if (maker === undefined) continue;
          const shown = await cluster.on("login", ["scontrol", "show", "job", jobOf(name)]);
          expect(shown).toContain(`Dependency=afterok:${jobOf(maker)}(unfulfilled)`);
        }
      },
      5 * minute,
    );

    it(
      "trains by SFT",
      async () => {
        const lines = readLines<{ step?: number }>(
          await isDone("sft"),
          "progress",
          "trainer.jsonl",
        );
        expect(lines.flatMap(({ step }) => step ?? []).at(-1)).toBe(40);
      },
      20 * minute,
    );

    it(
      "trains by the paper's GRPO on four places: two servers, two trainers, one endpoint",
      async () => {
        const events = () =>
          readLines<{ event: string; role?: string }>(runOf("grpo"), "events.jsonl");
        const trains = () =>
          events().some(({ event, role }) => event === "role started" && role === "trainer");
        const over = () => events().some(({ event }) => event === "ended");
        await until("the trainer starts", () => trains() || over(), 20 * minute);
        const many = (await processes()).length; // so that "none" at the end means something
        const run = await isDone("grpo");
        expect(many).toBeGreaterThanOrEqual(3); // the endpoint and two servers
        const { samplers } = readJson<{ samplers: readonly unknown[] }>(run, "endpoints.json");
        expect(samplers).toHaveLength(2);
        const { steps } = readJson<Integrity>(run, "train", "integrity.json");
        expect(steps.map(({ samplers: compared }) => Object.keys(compared).length)).toEqual([2, 2]);
        const ranks = readdirSync(join(run, "logs/ranks"), { recursive: true, encoding: "utf8" });
        expect(ranks.filter((name) => name.endsWith("stdout.log"))).toHaveLength(2);
        expect(readLines(run, "rewards.jsonl").length).toBeGreaterThan(0);
        expect(existsSync(join(run, "checkpoints/final/config.json"))).toBe(true);
      },
      30 * minute,
    );

    it(
      "asks the model it made, judges the answers, and leaves no process on any node",
      async () => {
        expect(readLines(await isDone("infer"), "predictions.jsonl")).toHaveLength(4);
        const metrics = readJson(await isDone("eval"), "metrics.json");
        expect(metrics).toMatchObject({ compat: "strict", images: 4 });
        expect(await processes()).toEqual([]);
      },
      20 * minute,
    );
  });
});
