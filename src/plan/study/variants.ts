import type { RunRecipe } from "../../recipe/load-run.ts";

/** A run that asks, or judges the answers of, the model which its training kept at a step. */
export function atCheckpoint(run: RunRecipe, step: number | null): RunRecipe {
  const { recipe, upstream } = run;
  if (step === null || upstream === null) return run;
  if (recipe.stage === "eval") return { ...run, upstream: atCheckpoint(upstream, step) };
  if (!("model" in recipe) || !("from" in recipe.model)) return run;
  return { ...run, recipe: { ...recipe, model: { ...recipe.model, checkpoint: step } } };
}

/** A run with another seed, its training and inference too; null leaves the recipes' own. */
export function withSeed(run: RunRecipe, seed: number | null): RunRecipe {
  const { recipe, upstream } = run;
  if (seed === null) return run;
  return {
    ...run,
    recipe: { ...recipe, seed },
    upstream: upstream === null ? null : withSeed(upstream, seed),
  };
}

/** The training whose model a run asks, or whose answers it judges; itself where it trains, else null. */
export const trainerOf = (run: RunRecipe): RunRecipe | null =>
  run.recipe.stage === "sft" || run.recipe.stage === "grpo"
    ? run
    : run.upstream && trainerOf(run.upstream);

/** Steps from one kept model of a training to the next; null where it keeps none but the last. */
export function keptEvery({ recipe }: RunRecipe): number | null {
  const options =
    recipe.stage === "sft" ? recipe.sft : recipe.stage === "grpo" ? recipe.grpo : null;
  return options?.checkpoints?.model_every_steps ?? null;
}
