import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { clusterMachine, type Machine } from "../../src/plan/machine.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import { recipeHash } from "../../src/plan/recipe-hash.ts";
import { loadClusterProfile } from "../../src/recipe/load-cluster-profile.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { compareSettings } from "../../src/report/paper-runs/compare.ts";
import { paperRunsPage } from "../../src/report/paper-runs/page.ts";
import { recipeSettings } from "../../src/report/paper-runs/recipe-settings.ts";
import { scriptSettings } from "../../src/report/paper-runs/script-settings.ts";
import { withoutRecipe } from "../../src/report/paper-runs/without-recipe.ts";
import { shipped } from "../../src/root.ts";
import { type LoadedRun, paperRuns, referenceScripts } from "./paper-recipes.ts";

let runs: readonly LoadedRun[] = [];
let machines: { a100: Machine; gh200: Machine };
beforeAll(async () => {
  runs = await paperRuns();
  const machine = async (name: string) =>
    clusterMachine(
      await loadClusterProfile(shipped(`slurm/${name}.yaml`), {
        environment: { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a" },
      }),
    );
  machines = { a100: await machine("generic-a100"), gh200: await machine("alps-gh200") };
});

/** GRPO of 7B is planned for GH200, as the paper has it, all else for A100. */
const planOf = (run: LoadedRun) =>
  planRun({
    run,
    machine:
      run.recipe.stage === "grpo" && run.path.includes("7b") ? machines.gh200 : machines.a100,
    backend: "slurm",
  });

const recipeAt = (path: string): Recipe => runs.find((run) => run.path === path)!.recipe;
const training = () =>
  runs.flatMap(({ path, recipe }) =>
    recipe.stage === "sft" || recipe.stage === "grpo" ? [{ path, recipe }] : [],
  );

describe("the recipes of the paper", () => {
  it("all load, by the names of their files", () => {
    expect(runs.length).toBeGreaterThan(150);
    for (const { path, recipe } of runs)
      expect(recipe.name).toBe(
        path
          .replace(/^ablations/, "ablation")
          .replace(".yaml", "")
          .replaceAll("/", "-"),
      );
  });

  it("do each something else", () => {
    const does = runs.map((run) =>
      recipeHash({ ...run, recipe: { ...run.recipe, name: "any" } as Recipe }),
    );
    expect(new Set(does).size).toBe(does.length);
  });

  it("can all be planned on the cluster that they are for, and warn of nothing but what is not known", () => {
    for (const run of runs)
      for (const warning of planOf(run).warnings)
        expect(warning, run.path).toMatch(
          /without a revision|no step_time|none is stated|its size is not known/,
        );
  });

  it("pin every model of the Hub, and of the data say how many rows there are", () => {
    for (const { path, recipe } of runs) {
      if ("model" in recipe && "id" in recipe.model)
        expect(recipe.model.revision, path).toMatch(/^[0-9a-f]{40}$/);
      const { train, eval: asked } = recipe.data as Record<string, { rows?: number } | undefined>;
      for (const rows of [train, asked])
        if (rows) expect([56224, 5000, 46563, 2186], path).toContain(rows.rows);
    }
  });

  it("judge what they infer, each once", () => {
    const of = (stage: string) => runs.filter(({ recipe }) => recipe.stage === stage);
    expect(of("eval").map(({ path }) => path.replace(/^eval/, "infer"))).toEqual(
      of("infer").map(({ path }) => path),
    );
    for (const { path, recipe } of of("eval"))
      expect(
        recipe.stage === "eval" && "from" in recipe.predictions && recipe.predictions.from,
      ).toBe(shipped(`recipes/paper/${path.replace(/^eval/, "infer")}`));
  });

  it("evaluate every model that they train", () => {
    const asked = new Set(
      runs.map(({ recipe }) =>
        recipe.stage === "infer" && "from" in recipe.model ? recipe.model.from : "",
      ),
    );
    expect(training().filter(({ path }) => !asked.has(shipped(`recipes/paper/${path}`)))).toEqual(
      [],
    );
  });

  it("ask a model of GRPO with the system prompt that it was trained with, others with the short one", () => {
    for (const { path, recipe } of runs) {
      if (recipe.stage !== "infer") continue;
      const isFromGrpo = "from" in recipe.model && !recipe.model.from.includes("/sft/");
      expect(recipe.prompt.system, path).toBe(isFromGrpo ? "system-think" : "system-short");
    }
  });
});

describe("the main recipes, by hand", () => {
  it("SFT of 2B on VG150: 3 epochs of 56,224 rows in batches of 128 at 1e-5 on four GPUs", () => {
    expect(recipeAt("sft/2b-vg150-open.yaml")).toMatchObject({
      stage: "sft",
      seed: 42,
      model: { id: "Qwen/Qwen2-VL-2B-Instruct" },
      data: { train: { id: "JosephZ/vg150_train_sgg_prompt", rows: 56224 }, classes: "vg150" },
      prompt: { user: "open", system: "system-short", think: "none" },
      image: { min_pixels: 4 * 28 * 28, max_pixels: 1024 * 28 * 28 },
      sft: {
        ...{ epochs: 3, batch_size: 128, per_device_batch_size: 4, learning_rate: 1e-5 },
        ...{ warmup_ratio: 0.05, max_grad_norm: 0.3, parallel: "fsdp", loss_on: "all" },
      },
      resources: { gpus: 4 },
    });
  });

  it("SFT of 7B on PSG with classes: half as many rows on a GPU", () => {
    expect(recipeAt("sft/7b-psg-closed.yaml")).toMatchObject({
      model: { id: "Qwen/Qwen2-VL-7B-Instruct" },
      data: { train: { id: "JosephZ/psg_train_sg", rows: 46563 }, classes: "psg" },
      prompt: { user: "closed" },
      sft: { epochs: 3, batch_size: 128, per_device_batch_size: 2 },
    });
  });

  it("R1-SGG 7B on VG150 with classes: from SFT, 32 × 8, 6e-7, no KL, Hard Recall, on 16 GPUs", () => {
    expect(recipeAt("r1-sgg/7b-vg150-closed.yaml")).toMatchObject({
      stage: "grpo",
      model: { from: shipped("recipes/paper/sft/7b-vg150-closed.yaml") },
      prompt: { user: "closed", system: "system-think" },
      image: { min_pixels: 4 * 28 * 28, max_pixels: 512 * 28 * 28 },
      grpo: {
        ...{ epochs: 1, prompts_per_step: 32, num_generations: 8, learning_rate: 6e-7, beta: 0 },
        ...{ temperature: 1, top_p: 0.9, top_k: 50, max_completion_length: 1024 },
        ...{ num_iterations: 1, loss_type: "bnpo", parallel: "zero2-offload" },
      },
      rewards: { profile: "release", names: ["format_reward", "edge_hard_reward"] },
      sampler: { mode: "colocate", max_model_len: 4096, gpu_memory_utilization: 0.2 },
      resources: { gpus: 16, time_limit: "12:00:00" },
    });
  });

  it("zero-RL 2B of v1: the rewards of its branch, at both learning rates of Figure 2", () => {
    const rates = ["3e-7", "1e-6"].map((rate) => recipeAt(`v1/zero-rl-2b-open-${rate}.yaml`));
    expect(rates).toMatchObject([
      { grpo: { learning_rate: 3e-7 } },
      { grpo: { learning_rate: 1e-6 } },
    ]);
    expect(rates[0]).toMatchObject({
      model: { id: "Qwen/Qwen2-VL-2B-Instruct" },
      prompt: { user: "open" },
      grpo: { per_device_batch_size: 4, parallel: "zero2" },
      rewards: {
        profile: "v1",
        names: ["format_reward", "node_acc_reward", "node_box_reward", "edge_reward"],
        strict_format: false,
      },
      resources: { gpus: 16, time_limit: "24:00:00" },
    });
  });

  it("the ablations change one value of their base", () => {
    const of = (path: string) => {
      const recipe = recipeAt(path);
      return recipe.stage === "grpo" ? { ...recipe.grpo, rewards: recipe.rewards.names } : {};
    };
    const seven = of("r1-sgg/7b-vg150-closed.yaml");
    const two = of("r1-sgg/2b-vg150-open.yaml");
    expect(of("ablations/relax-7b-vg150-closed.yaml")).toEqual({
      ...seven,
      rewards: ["format_reward", "edge_hard_relax_reward"],
    });
    expect(of("ablations/soft-7b-vg150-closed.yaml")).toEqual({
      ...seven,
      rewards: ["format_reward", "edge_reward"],
    });
    expect(of("ablations/kl-2b-vg150-open.yaml")).toEqual({ ...two, beta: 0.04 });
    expect(of("ablations/group-16-2b-vg150-open.yaml")).toEqual({ ...two, num_generations: 16 });
    expect(of("ablations/completion-2048-2b-vg150-open.yaml")).toEqual({
      ...two,
      max_completion_length: 2048,
    });
  });

  it("inference is nearly greedy, at twice the pixels of training", () => {
    expect(recipeAt("infer/r1-sgg-7b-vg150-closed-on-psg.yaml")).toMatchObject({
      model: { from: shipped("recipes/paper/r1-sgg/7b-vg150-closed.yaml") },
      data: { eval: { id: "JosephZ/psg_test_sg", rows: 2186 }, classes: "psg" },
      prompt: { user: "closed" },
      image: { max_pixels: 1024 * 28 * 28 },
      infer: { temperature: 0.01, top_k: 1, top_p: 0.001, max_tokens: 2048 },
      sampler: { mode: "server", max_model_len: 4096 },
      resources: { gpus: 4 },
    });
  });
});

describe("the plans of the main recipes, by hand", () => {
  it.each([
    // 56,224 / 128 is 439.25, so 440 steps an epoch; 4 × 8 × 4 rows a step
    [
      "sft/2b-vg150-open.yaml",
      { trainers: 4, perStep: 128, perDevice: 4, accumulation: 8, steps: 1320 },
      4,
    ],
    [
      "sft/7b-psg-closed.yaml",
      { trainers: 4, perStep: 128, perDevice: 2, accumulation: 16, steps: 1092 },
      8.3,
    ],
    // 56,224 / 32 is 1,757; 32 × 8 completions on 16 GPUs are 16 on each
    [
      "r1-sgg/7b-vg150-closed.yaml",
      { trainers: 16, perStep: 256, perDevice: 8, accumulation: 2, steps: 1757 },
      16,
    ],
    [
      "v1/zero-rl-2b-open-1e-6.yaml",
      { trainers: 16, perStep: 256, perDevice: 4, accumulation: 4, steps: 1757 },
      12,
    ],
    [
      "ablations/group-16-2b-vg150-open.yaml",
      { trainers: 16, perStep: 512, perDevice: 4, accumulation: 8, steps: 1757 },
      24,
    ],
  ] as const)("%s", (path, arithmetic, hours) => {
    const plan = planOf(runs.find((run) => run.path === path)!);
    expect(plan.arithmetic).toMatchObject(arithmetic);
    expect(plan.estimate.hours).toBeCloseTo(hours, 1);
  });
});

describe("the launch scripts of the reference", () => {
  it("are each stood for by a recipe, or left out with a reason", () => {
    const stood = training().flatMap(({ recipe }) => recipe.reproduces?.scripts ?? []);
    expect([...new Set(stood), ...Object.keys(withoutRecipe)].sort()).toEqual(
      Object.keys(referenceScripts).sort(),
    );
  });

  it("differ from their recipes only where the recipe says why, and each reason is used", () => {
    const given = new Set<string>();
    const used = new Set<string>();
    for (const { path, recipe } of training()) {
      const { scripts = [], differs = {} } = recipe.reproduces ?? {};
      if (scripts.length === 0) continue;
      for (const [name, why] of Object.entries(differs)) given.add(`${name}: ${why}`);
      for (const name of scripts) {
        const ours = recipeSettings(recipe);
        const { different } = compareSettings(
          scriptSettings(referenceScripts[name]!),
          ours,
          differs,
        );
        for (const one of different) {
          expect(one.why, `${one.name} of ${path} and ${name}`).toBeTruthy();
          used.add(`${one.name}: ${one.why}`);
        }
      }
    }
    expect([...given].filter((reason) => !used.has(reason))).toEqual([]);
  });

  it("have these values, by hand", () => {
    expect(scriptSettings(referenceScripts["grpo/train_gh200_close_SFT.sh"]!)).toMatchObject({
      ...{ model: "a model of SFT", gpus: 32, per_device_batch_size: 8, prompts_per_step: 32 },
      ...{ learning_rate: 6e-7, classes_in_prompt: true, parallel: "zero2-offload", seed: 42 },
    });
    expect(scriptSettings(referenceScripts["grpo/train_gh200_2B_SFT.sh"]!)).toMatchObject({
      ...{ steps: 2000, epochs: 3, data: "JosephZ/psg_train_sg", sampler: "colocate" },
    });
    expect(scriptSettings(referenceScripts["grpo/train_fused.sh"]!)).toMatchObject({
      ...{ gpus: 80, prompts_per_step: 20, sampler: "server", parallel: "zero3" },
    });
    expect(scriptSettings(referenceScripts["sft/2B_sgg.sh"]!)).toMatchObject({
      ...{ gpus: 32, per_device_batch_size: 4, batch_size: 128, epochs: 6, parallel: "fsdp" },
    });
  });
});

it("docs/paper-runs.md is what the recipes say", () => {
  expect(
    readFileSync(shipped("docs/paper-runs.md"), "utf8"),
    "docs/paper-runs.md is stale: write it again with bin/with-node node test/recipe/write-paper-runs.ts",
  ).toBe(paperRunsPage(runs, referenceScripts));
});
