import { SggError } from "../errors.ts";
import type { RunRecipe } from "../recipe/load-run.ts";
import { nearestMultiples } from "./nearest-numbers.ts";
import { atCheckpoint, keptEvery, trainerOf } from "./study/variants.ts";

/**
 * A run for each of some models that a training keeps on its way, in their order: the same questions, or
 * the judgement of their answers. `null` stands for the model that the recipe itself names.
 *
 * Errors: SggError PLAN for a recipe that starts from no training, and for a step at which none is kept
 */
export function checkpointRuns(
  run: RunRecipe,
  steps: readonly (number | null)[],
): readonly RunRecipe[] {
  const { name, stage } = run.recipe;
  const trainer = trainerOf(run);
  if (stage === "sft" || stage === "grpo" || trainer === null)
    throw cannot(name, "it asks no model of a training", "model or predictions from a recipe");
  const every = keptEvery(trainer);
  const odd = steps.find((step) => step !== null && (every === null || step % every !== 0));
  if (every === null && odd !== undefined)
    throw cannot(name, `"${trainer.recipe.name}" keeps none`, "checkpoints.model_every_steps");
  if (every !== null && odd !== undefined && odd !== null)
    throw cannot(
      name,
      `"${trainer.recipe.name}" keeps none at step ${odd}, one every ${every}`,
      nearestMultiples(odd, every).join(" or "),
    );
  return steps.map((step) => atCheckpoint(run, step));
}

const cannot = (name: string, found: string, expected: string): SggError =>
  new SggError("PLAN", `Cannot plan checkpoints of "${name}": ${found}, expected ${expected}`);
