import { join } from "node:path";
import { recipeHash } from "../../plan/recipe-hash.ts";
import { atCheckpoint, withSeed } from "../../plan/study/variants.ts";
import { loadRun, type RunRecipe } from "../../recipe/load-run.ts";
import { type Study, studyRuns } from "../../recipe/study.ts";
import { studyRunsOf, underWay } from "../../report/study/chain.ts";
import type { RunsOf, StudyRun } from "../../report/study/run.ts";
import { metricsFor } from "../../report/study/table-model.ts";
import { readImages } from "./read-images.ts";
import { readRunFolders } from "./read-run-folders.ts";

/**
 * The runs in a folder that the recipes of studies made, by the path of the recipe. They are told by the
 * recipe's name, so that one with other values is seen, and said to be changed; another seed, as studies give, is no
 * change. What they start from stands beside them while it is under way.
 *
 * Errors: SggError RECIPE for a recipe that cannot be read, USAGE for a run that cannot
 */
export async function findStudyRuns(studies: readonly Study[], runsDir: string): Promise<RunsOf> {
  const folders = await readRunFolders(runsDir);
  const all = studyRunsOf(folders);
  const wanted = wantedImages(studies);
  const entries = await Promise.all(
    [...new Set(studies.flatMap(studyRuns))].map(async (path) => {
      const asked = await loadRun(path);
      const own = all.filter(({ recipe }) => recipe === asked.recipe.name);
      const runs = own.map((run) => {
        const asIs = [asked, withSeed(asked, run.seed)].map((one) =>
          recipeHash(atCheckpoint(one, run.checkpoint)),
        );
        return { ...run, changed: !asIs.includes(run.recipeHash) };
      });
      const compat = wanted.get(path);
      const judged = compat === undefined ? runs : await withImages(runs, compat);
      return [path, [...judged, ...underWay(folders, new Set(namesBefore(asked)))]] as const;
    }),
  );
  return new Map(entries);

  async function withImages(runs: readonly StudyRun[], compat: string) {
    return Promise.all(
      runs.map(async (run) => {
        if (metricsFor(run.metrics, compat) === null) return run;
        const images = await readImages(join(runsDir, run.id), compat);
        return { ...run, ...(images && { images }) };
      }),
    );
  }
}

/** The names of the recipes that one starts from. */
const namesBefore = ({ upstream }: RunRecipe): readonly string[] =>
  upstream === null ? [] : [upstream.recipe.name, ...namesBefore(upstream)];

/** The recipes whose figures a study wants image by image, and by which mode they are judged. */
const wantedImages = (studies: readonly Study[]): ReadonlyMap<string, string> =>
  new Map(
    studies.flatMap((study) =>
      study.kind === "table" && study.table?.columns.some((one) => one.where_valid !== undefined)
        ? studyRuns(study).map((path) => [path, study.compat] as const)
        : [],
    ),
  );
