import type { RunRecipe } from "../../recipe/load-run.ts";
import { type Study, studyRuns } from "../../recipe/study.ts";
import { recipeHash } from "../recipe-hash.ts";
import type { RunPlan } from "../run-plan.ts";
import { atCheckpoint, keptEvery, trainerOf, withSeed } from "./variants.ts";

/** A run of a study, made once however many cells use it. */
export interface StudyNode {
  /** Of its recipe and of all that it starts from: what makes two runs one. */
  readonly hash: string;
  readonly run: RunRecipe;
  readonly plan: RunPlan;
  /** The run that must be done before it. */
  readonly after: string | null;
  /** The step of the model that it asks, where that is not the last. */
  readonly step: number | null;
}

/**
 * Every run that studies need, those before it first: training before inference before evaluation, and for
 * curves once more for every model that the training keeps. Seed by seed: where one run follows the other,
 * a seed's figures are whole before the next one's begin.
 *
 * Shape:  `runs` by the path of the recipe, for each that a study names
 * Errors: those of `plan`; RangeError for a recipe that is not in `runs`
 */
export function studyGraph(
  studies: readonly Study[],
  runs: ReadonlyMap<string, RunRecipe>,
  plan: (run: RunRecipe) => RunPlan,
): readonly StudyNode[] {
  const nodes = new Map<string, StudyNode>();
  const add = (run: RunRecipe, step: number | null): StudyNode => {
    const hash = recipeHash(run);
    const known = nodes.get(hash);
    if (known) return known;
    const before = run.upstream === null ? null : add(run.upstream, stepOf(run.upstream));
    const node = { hash, run, plan: plan(run), after: before?.hash ?? null, step };
    nodes.set(hash, node);
    return node;
  };
  const seedsOf = (study: Study): readonly (number | null)[] => study.seeds ?? [null];
  for (const seed of new Set(studies.flatMap(seedsOf)))
    for (const study of studies.filter((one) => seedsOf(one).includes(seed)))
      for (const path of studyRuns(study)) {
        const run = runs.get(path);
        if (run === undefined) throw new RangeError(`no recipe "${path}"`);
        const seeded = withSeed(run, seed);
        add(seeded, null);
        for (const step of keptSteps(nodes, seeded, everyFor(study, path)))
          add(atCheckpoint(seeded, step), step);
      }
  return [...nodes.values()];
}

/** Between how many steps a study wants a recipe's models; null where the last is enough. */
const everyFor = (study: Study, path: string): number | null =>
  study.kind === "curves" && study.rows.some(({ series }) => series.some(({ run }) => run === path))
    ? study.every
    : null;

const stepOf = ({ recipe }: RunRecipe): number | null =>
  "model" in recipe && "from" in recipe.model ? (recipe.model.checkpoint ?? null) : null;

/** The steps at which the training of a run keeps a model and the study wants one, but the last. */
function keptSteps(
  nodes: ReadonlyMap<string, StudyNode>,
  run: RunRecipe,
  every: number | null,
): readonly number[] {
  const trainer = trainerOf(run);
  if (trainer === null || every === null) return [];
  const keeps = keptEvery(trainer);
  const steps = nodes.get(recipeHash(trainer))?.plan.arithmetic.steps ?? null;
  if (keeps === null || steps === null) return [];
  return Array.from({ length: Math.ceil(steps / keeps) - 1 }, (_, i) => (i + 1) * keeps).filter(
    (step) => step % every === 0,
  );
}
