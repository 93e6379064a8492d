import type { SmokeRecipe } from "../recipe/schema.ts";
import type { Device } from "./smoke-plan.ts";

/** The configuration file of each worker command, as JSON; paths are relative to the run folder. */
export interface WorkerConfigs {
  readonly model: Readonly<Record<string, unknown>>;
  readonly sft: Readonly<Record<string, unknown>>;
  readonly grpo: Readonly<Record<string, unknown>>;
}

/** Turns a recipe into what the Python worker reads, name by name. */
export function workerConfigs(
  recipe: SmokeRecipe,
  device: Device,
  dtype: "float32" | "bfloat16",
  base: string,
  threads: number,
): WorkerConfigs {
  const { seed, image } = recipe;
  const { logprob_tolerance, ...grpo } = recipe.grpo;
  const common = { device, dtype, seed, ...image };
  return {
    model: {
      output_dir: "checkpoints/base",
      corpus: ["data/sft.jsonl"],
      seed,
      ...image,
      ...recipe.model,
      // vLLM's CPU build keeps the old output layer of a tied model when weights are reloaded.
      tie_word_embeddings: false,
    },
    sft: {
      model: base,
      dataset: "data/sft.jsonl",
      output_dir: "checkpoints/sft",
      progress: "progress/sft.jsonl",
      threads,
      ...common,
      ...recipe.sft,
    },
    grpo: {
      model: "checkpoints/sft",
      dataset: "data/grpo.jsonl",
      endpoints: "endpoints.json",
      output_dir: "checkpoints/grpo",
      progress: "progress/grpo.jsonl",
      work_dir: "grpo",
      integrity: "grpo/integrity.json",
      sync_dir: "grpo/sync",
      ...common,
      ...grpo,
      logprob_tolerance: logprob_tolerance[dtype],
    },
  };
}
