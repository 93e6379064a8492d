import type { Recipe } from "../recipe/recipe.ts";
import type { DataSource } from "../recipe/sources.ts";
import type { Batch } from "./batch.ts";

/** How many rows a source gives; null where the recipe does not say. */
export function rowsOf(source: DataSource): number | null {
  if ("synth" in source) return source.synth.count;
  const { rows, first, skip = 0 } = source;
  if (rows === undefined) return null;
  return Math.max(0, Math.min(first ?? Number.POSITIVE_INFINITY, rows - skip));
}

/**
 * Optimiser steps of a training run, or images of an inference run; null where rows are not stated.
 *
 * SFT takes a short last step, GRPO passes over prompts that fill none.
 *
 * Source: transformers 5.17 `Trainer`: steps of an epoch are rows over processes and rows a
 * device, rounded up, over the accumulation, rounded up; TRL 1.16 `RepeatSampler`: whole generation
 * batches only, each used `num_iterations` times
 *
 * @example
 * // 56,224 rows, 3 epochs of 128: 3 × 440 = 1,320 steps; by 32 prompts 1,757 steps
 */
export function stepsOf(
  recipe: Recipe,
  { perDevice, accumulation }: Batch,
  trainers: number,
): number | null {
  if (recipe.stage === "sft") {
    const { steps, epochs = 0 } = recipe.sft;
    const rows = rowsOf(recipe.data.train);
    if (steps !== undefined) return steps;
    if (rows === null) return null;
    return Math.ceil(epochs * Math.ceil(Math.ceil(rows / (trainers * perDevice)) / accumulation));
  }
  if (recipe.stage === "grpo") {
    const { steps, epochs = 0, prompts_per_step, num_iterations } = recipe.grpo;
    const rows = rowsOf(recipe.data.train);
    if (steps !== undefined) return steps;
    if (rows === null) return null;
    return Math.ceil(epochs * Math.floor(rows / prompts_per_step) * num_iterations);
  }
  return recipe.stage === "eval" ? null : rowsOf(recipe.data.eval);
}
