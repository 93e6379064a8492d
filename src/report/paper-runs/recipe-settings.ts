import type { RecipeOf } from "../../recipe/recipe.ts";
import { checkpoint, type Settings } from "./setting.ts";

/** A recipe that trains. */
export type TrainingRecipe = RecipeOf<"sft" | "grpo">;

/** What a recipe sets, by the names of `scriptSettings`. */
export function recipeSettings(recipe: TrainingRecipe): Settings {
  const { model, data, prompt, resources } = recipe;
  const training = recipe.stage === "sft" ? recipe.sft : recipe.grpo;
  return {
    model: "id" in model ? model.id : "from" in model ? checkpoint : null,
    data: "id" in data.train ? data.train.id : null,
    classes_in_prompt: prompt.user === "closed",
    gpus: resources.gpus,
    time_limit: resources.time_limit ?? null,
    steps: training.steps ?? null,
    epochs: training.epochs ?? null,
    per_device_batch_size: training.per_device_batch_size,
    learning_rate: training.learning_rate,
    dtype: training.dtype,
    tf32: training.tf32,
    save_steps: training.checkpoints?.every_steps ?? null,
    save_only_model: training.checkpoints?.save_only_model ?? null,
    seed: recipe.seed,
    parallel: training.parallel,
    ...(recipe.stage === "sft" ? sftSettings(recipe) : grpoSettings(recipe)),
  };
}

const sftSettings = ({ sft }: RecipeOf<"sft">): Settings => ({
  batch_size: sft.batch_size,
  max_grad_norm: sft.max_grad_norm,
  warmup_ratio: sft.warmup_ratio,
  attention: sft.attn_implementation,
});

const grpoSettings = ({ grpo, image, prompt, rewards, sampler }: RecipeOf<"grpo">): Settings => ({
  prompts_per_step: grpo.prompts_per_step,
  num_generations: grpo.num_generations,
  num_iterations: grpo.num_iterations,
  beta: grpo.beta,
  temperature: grpo.temperature,
  top_p: grpo.top_p,
  top_k: grpo.top_k,
  max_prompt_length: grpo.max_prompt_length,
  max_completion_length: grpo.max_completion_length,
  max_pixels: image.max_pixels,
  gradient_checkpointing: grpo.gradient_checkpointing,
  sampler: sampler.mode,
  max_model_len: sampler.max_model_len,
  gpu_memory_utilization: sampler.gpu_memory_utilization,
  quantization: null,
  task: prompt.task,
  rewards: rewards.names.map((name) => name.replace(/_reward$/, "")).join(" "),
  format_weight: rewards.format_weight,
  strict_format: rewards.strict_format,
});
