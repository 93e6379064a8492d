import { z } from "zod";
import type { RunPlan } from "../plan/run-plan.ts";
import { type StudyNode, studyGraph } from "../plan/study/graph.ts";
import { graphText } from "../plan/study/graph-text.ts";
import { loadRecipe } from "../recipe/load.ts";
import { loadRun, type RunRecipe } from "../recipe/load-run.ts";
import { loadStudies } from "../recipe/load-study.ts";
import { studyRuns } from "../recipe/study.ts";

const kindOf = z.looseObject({ kind: z.string().optional() });

/** Whether a file is a study: it says of which kind, as no recipe does. */
export const isStudy = async (path: string): Promise<boolean> =>
  (await loadRecipe(path, kindOf)).kind !== undefined;

/**
 * Every run that a study, or a group of them, needs, those before it first.
 *
 * Errors: SggError RECIPE for the study or a recipe of it, PLAN for a run that cannot be
 */
export async function studyNodes(
  path: string,
  plan: (run: RunRecipe) => RunPlan,
): Promise<readonly StudyNode[]> {
  const { studies } = await loadStudies(path);
  const paths = [...new Set(studies.flatMap(studyRuns))];
  const runs = await Promise.all(paths.map(async (one) => [one, await loadRun(one)] as const));
  return studyGraph(studies, new Map(runs), plan);
}

/** All that a study needs, as JSON or drawn. Errors: as `studyNodes` */
export async function studyPlan(
  path: string,
  plan: (run: RunRecipe) => RunPlan,
  drawn: boolean,
): Promise<string> {
  const nodes = await studyNodes(path, plan);
  return drawn
    ? graphText(nodes, process.stdout.columns)
    : `${JSON.stringify(nodes.map(told), null, 2)}\n`;
}

const told = ({ hash, run, plan, after, step }: StudyNode) => ({
  ...{ recipe: run.recipe.name, recipeHash: hash, after, step, id: plan.id, stage: plan.stage },
  ...{ gpus: plan.topology.nodes * plan.topology.gpusPerNode, estimate: plan.estimate },
});
