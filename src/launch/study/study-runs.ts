import { recipeHash } from "../../plan/recipe-hash.ts";
import { loadRun, type RunRecipe } from "../../recipe/load-run.ts";
import { type Study, studyRuns } from "../../recipe/study.ts";
import { studyRunsOf } from "../../report/study/chain.ts";
import type { RunsOf } from "../../report/study/run.ts";
import { readRunFolders } from "./read-run-folders.ts";

/**
 * The runs in a folder that a study's recipes made, by the path of the recipe. They are told by the
 * recipe's name, so that one with other values is seen, and said to be changed.
 *
 * Errors: SggError RECIPE for a recipe that cannot be read, USAGE for a run that cannot
 */
export async function findStudyRuns(study: Study, runsDir: string): Promise<RunsOf> {
  const all = studyRunsOf(await readRunFolders(runsDir));
  const entries = await Promise.all(
    studyRuns(study).map(async (path) => {
      const asked = await loadRun(path);
      const own = all.filter(({ recipe }) => recipe === asked.recipe.name);
      const runs = own.map((run) => ({
        ...run,
        changed: run.recipeHash !== recipeHash(atCheckpoint(asked, run.checkpoint)),
      }));
      return [path, runs] as const;
    }),
  );
  return new Map(entries);
}

/** A run that asks, or judges the answers of, the model of a step. */
function atCheckpoint({ recipe, upstream }: RunRecipe, step: number | null): RunRecipe {
  if (step === null || upstream === null) return { recipe, upstream };
  if (recipe.stage === "eval") return { recipe, upstream: atCheckpoint(upstream, step) };
  if (!("model" in recipe) || !("from" in recipe.model)) return { recipe, upstream };
  return { recipe: { ...recipe, model: { ...recipe.model, checkpoint: step } }, upstream };
}
