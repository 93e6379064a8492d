import { z } from "zod";
import {
  evalOptions,
  inferOptions,
  rewardOptions,
  samplerOptions,
  vqaOptions,
} from "./sampling.ts";
import { count, natural, positive, section, slug, text } from "./section.ts";
import { dataSource, modelSource, predictionsSource } from "./sources.ts";
import { grpoOptions, sftOptions } from "./training.ts";

/** What is asked: a user prompt (`open`, `closed`, `det`, `cls` or a file), a system prompt, and whether SFT answers think. */
const prompt = section({
  user: text,
  system: text,
  think: z.enum(["none", "objects", "column"]).default("none"),
  task: z.enum(["sgg", "det", "cls"]).default("sgg"),
});

const image = section({ min_pixels: count.default(3136), max_pixels: count }).refine(
  ({ min_pixels, max_pixels }) => min_pixels <= max_pixels,
  { error: "expected min_pixels of at most max_pixels" },
);

/** `HH:MM:SS` or `D-HH:MM:SS`, as Slurm writes it. */
const duration = z
  .string()
  .regex(/^(\d+-)?\d{1,3}:[0-5]\d:[0-5]\d$/, "expected HH:MM:SS or D-HH:MM:SS, in quotes");

/**
 * What the run may use, and how long a step takes.
 *
 * `gpus` is the default of `--gpus`. With `device: cpu` they are places without a GPU, to try a
 * topology; `auto` takes the GPUs where there are any. `step_time` has its source, since the plan's hours
 * rest on it: seconds of a step (of an image in inference) on so many GPUs. `time_limit` is that of
 * one attempt, `requeues` how often the run may go on in another; both are bounded by the cluster.
 */
const resources = section({
  gpus: natural.default(1),
  device: z.enum(["auto", "cuda", "cpu"]).default("auto"),
  time_limit: duration.optional(),
  requeues: natural.optional(),
  step_time: section({ seconds: positive, gpus: count, source: text }).optional(),
});

/**
 * Which part of the paper a recipe stands for, and which launch scripts of the reference.
 *
 * `follows` says whose values win where they differ, `differs` why a value is not the script's.
 */
const reproduces = section({
  paper: z.array(text).min(1),
  scripts: z.array(text).default([]),
  differs: z.record(text, text).default({}),
  follows: z.enum(["paper", "script"]).default("paper"),
  notes: z.array(text).default([]),
});

const shared = {
  name: slug,
  description: text.optional(),
  seed: natural.default(42),
  resources: resources.prefault({}),
  reproduces: reproduces.optional(),
};
const asks = { model: modelSource, prompt, image };
const trainData = section({
  train: dataSource,
  eval: dataSource.optional(),
  classes: text.optional(),
});
const evalData = section({
  eval: dataSource,
  train: dataSource.optional(),
  classes: text.optional(),
});

/** A recipe of each stage: which sections it has, and no others. */
export const recipeSchema = z.discriminatedUnion(
  "stage",
  [
    section({ ...shared, stage: z.literal("sft"), ...asks, data: trainData, sft: sftOptions }),
    section({
      ...shared,
      stage: z.literal("grpo"),
      ...asks,
      data: trainData,
      grpo: grpoOptions,
      rewards: rewardOptions,
      sampler: samplerOptions.prefault({}),
    }),
    section({
      ...shared,
      stage: z.literal("infer"),
      ...asks,
      data: evalData,
      infer: inferOptions.prefault({}),
      sampler: samplerOptions.prefault({}),
    }),
    section({
      ...shared,
      stage: z.literal("eval"),
      data: evalData,
      predictions: predictionsSource,
      eval: evalOptions.prefault({}),
    }),
    section({
      ...shared,
      stage: z.literal("vqa"),
      model: modelSource,
      image,
      data: evalData,
      vqa: vqaOptions.prefault({}),
      infer: inferOptions.prefault({}),
      sampler: samplerOptions.prefault({}),
    }),
  ],
  { error: "expected one of sft, grpo, infer, eval, vqa" },
);

/** A checked recipe of a run: what to do, with every value settled. */
export type Recipe = z.infer<typeof recipeSchema>;

/** The recipe of one stage. */
export type RecipeOf<Stage extends Recipe["stage"]> = Extract<Recipe, { readonly stage: Stage }>;
