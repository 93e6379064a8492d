import type { RunRecipe } from "../../recipe/load-run.ts";

/** A run that asks, or judges the answers of, the model which its training kept at a step. */
export function atCheckpoint({ recipe, upstream }: RunRecipe, step: number | null): RunRecipe {
  if (step === null || upstream === null) return { recipe, upstream };
  if (recipe.stage === "eval") return { recipe, upstream: atCheckpoint(upstream, step) };
  if (!("model" in recipe) || !("from" in recipe.model)) return { recipe, upstream };
  return { recipe: { ...recipe, model: { ...recipe.model, checkpoint: step } }, upstream };
}

/** A run with another seed, its training and inference too; null leaves the recipes' own. */
export function withSeed({ recipe, upstream }: RunRecipe, seed: number | null): RunRecipe {
  if (seed === null) return { recipe, upstream };
  return {
    recipe: { ...recipe, seed },
    upstream: upstream === null ? null : withSeed(upstream, seed),
  };
}
