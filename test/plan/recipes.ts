import type { RunRecipe } from "../../src/recipe/load-run.ts";
import { type RecipeOf, recipeSchema } from "../../src/recipe/recipe.ts";

const revision = "a".repeat(40);
const shared = {
  model: { id: "Qwen/Qwen2-VL-2B-Instruct", revision },
  prompt: { user: "open", system: "system-think" },
  image: { max_pixels: 401_408 },
  data: { train: { id: "someone/vg150", revision, rows: 56_224 } },
};

type Section = Readonly<Record<string, unknown>>;

/** GRPO as the paper runs it, with values put in. */
export const grpo = (
  grpo: Section = {},
  sampler: Section = {},
  rest: Section = {},
): RecipeOf<"grpo"> =>
  recipeSchema.parse({
    ...{ name: "rl", stage: "grpo", ...shared },
    grpo: {
      ...{ epochs: 1, prompts_per_step: 32, num_generations: 8, per_device_batch_size: 4 },
      ...{ learning_rate: 6e-7, parallel: "zero2", ...grpo },
    },
    rewards: { names: ["format_reward", "edge_hard_reward"] },
    sampler,
    ...rest,
  }) as RecipeOf<"grpo">;

/** SFT as the paper runs it, with values put in. */
export const sft = (sft: Section = {}, rest: Section = {}): RecipeOf<"sft"> =>
  recipeSchema.parse({
    ...{ name: "tune", stage: "sft", ...shared },
    sft: {
      ...{ epochs: 3, batch_size: 128, per_device_batch_size: 4, learning_rate: 1e-5 },
      ...{ parallel: "fsdp", ...sft },
    },
    ...rest,
  }) as RecipeOf<"sft">;

/** Inference, with values put in. */
export const infer = (sampler: Section = {}, rest: Section = {}): RecipeOf<"infer"> =>
  recipeSchema.parse({
    ...{ name: "ask", stage: "infer", ...shared, sampler },
    data: { eval: { id: "someone/val", revision, rows: 5000 } },
    ...rest,
  }) as RecipeOf<"infer">;

/** A recipe that starts from nothing. */
export const alone = (recipe: RunRecipe["recipe"]): RunRecipe => ({ recipe, upstream: null });
