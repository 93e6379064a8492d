import { recipeHash } from "../../plan/recipe-hash.ts";
import { atCheckpoint } from "../../plan/study/variants.ts";
import { loadRun } from "../../recipe/load-run.ts";
import { type Study, studyRuns } from "../../recipe/study.ts";
import { studyRunsOf } from "../../report/study/chain.ts";
import type { RunsOf } from "../../report/study/run.ts";
import { readRunFolders } from "./read-run-folders.ts";

/**
 * The runs in a folder that the recipes of studies made, by the path of the recipe. They are told by the
 * recipe's name, so that one with other values is seen, and said to be changed.
 *
 * Errors: SggError RECIPE for a recipe that cannot be read, USAGE for a run that cannot
 */
export async function findStudyRuns(studies: readonly Study[], runsDir: string): Promise<RunsOf> {
  const all = studyRunsOf(await readRunFolders(runsDir));
  const entries = await Promise.all(
    [...new Set(studies.flatMap(studyRuns))].map(async (path) => {
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
