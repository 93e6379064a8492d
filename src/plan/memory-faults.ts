import type { Recipe } from "../recipe/recipe.ts";
import { heldMemory, servedWeights, trainerMemory } from "./memory.ts";
import type { ModelSize } from "./model-table.ts";
import type { TrainerMemory } from "./run-plan.ts";

/** Kinds of parallelism, each holding less on a GPU than the one before. */
const leaner = ["ddp", "zero2", "fsdp", "zero3", "zero2-offload"] as const;

/** What of a run cannot fit into the memory of its GPUs, with what would. */
export function memoryFaults(
  recipe: Recipe,
  size: ModelSize,
  trainers: number,
  available: number | null,
): readonly string[] {
  if (available === null || recipe.stage === "eval") return [];
  const memory = trainerMemory(recipe, size, trainers, available);
  const training = memory === null ? [] : trainerFaults(recipe, size, trainers, memory, available);
  return "sampler" in recipe ? [...training, ...samplerFaults(recipe, size, available)] : training;
}

function trainerFaults(
  recipe: Recipe,
  size: ModelSize,
  trainers: number,
  memory: TrainerMemory,
  available: number,
): readonly string[] {
  if (heldMemory(memory) <= available) return [];
  const { weights, gradients, optimiser } = memory;
  const parts = `${show(weights)} weights + ${show(gradients)} gradients + ${show(optimiser)} optimiser`;
  const fits = leaner.find((parallel) => {
    const other = trainerMemory(withParallel(recipe, parallel), size, trainers, available);
    return other !== null && heldMemory(other) <= available;
  });
  const wanted = fits ? `parallel ${fits}` : "more GPUs, or a LoRA";
  return [
    `${recipe.stage}.parallel: ${parts} = ${show(heldMemory(memory))} GiB on each of ${trainers} GPUs of ${available} GiB, expected ${wanted}`,
  ];
}

const withParallel = (recipe: Recipe, parallel: (typeof leaner)[number]): Recipe => {
  if (recipe.stage === "sft") return { ...recipe, sft: { ...recipe.sft, parallel } };
  if (recipe.stage === "grpo") return { ...recipe, grpo: { ...recipe.grpo, parallel } };
  return recipe;
};

/** vLLM takes its share of the GPU and no more: the weights alone must fit into it. */
function samplerFaults(
  recipe: Extract<Recipe, { readonly sampler: unknown }>,
  size: ModelSize,
  available: number,
): readonly string[] {
  const { gpu_memory_utilization: share, tensor_parallel: width } = recipe.sampler;
  const weights = servedWeights(size, width);
  if (weights < share * available) return [];
  const least = Math.ceil((weights / available) * 100 + 1) / 100;
  const wanted = least < 1 ? `at least ${least}` : "a greater tensor_parallel";
  return [
    `sampler.gpu_memory_utilization: ${share} of ${available} GiB is ${show(share * available)} GiB for ${show(weights)} GiB of weights, expected ${wanted}`,
  ];
}

const show = (gib: number): string => gib.toFixed(1);
