import { z } from "zod";
import { loadRecipe } from "../../recipe/load.ts";
import { type Study, studyRuns } from "../../recipe/study.ts";
import { studyRunsOf } from "../../report/study/chain.ts";
import type { RunsOf } from "../../report/study/run.ts";
import { readRunFolders } from "./read-run-folders.ts";

const named = z.looseObject({ name: z.string() });

/**
 * The runs in a folder that a study's recipes made, by the path of the recipe; they are told by the
 * recipe's name.
 *
 * Errors: SggError RECIPE for a recipe that cannot be read, USAGE for a run that cannot
 */
export async function findStudyRuns(study: Study, runsDir: string): Promise<RunsOf> {
  const runs = studyRunsOf(await readRunFolders(runsDir));
  const entries = await Promise.all(
    studyRuns(study).map(async (path) => {
      const { name } = await loadRecipe(path, named);
      return [path, runs.filter(({ recipe }) => recipe === name)] as const;
    }),
  );
  return new Map(entries);
}
