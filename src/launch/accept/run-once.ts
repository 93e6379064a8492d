import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SggError } from "../../errors.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { RunPlace } from "../launch-here.ts";
import { launchLocally } from "../local/launch.ts";
import { launchedAs } from "../resume-here.ts";
import { findRun } from "../runs.ts";
import type { Teller } from "../smoke-run.ts";
import { checkpointsIn } from "./evidence.ts";

/** A planned run of the kit. */
export interface AcceptedRun {
  readonly plan: RunPlan;
  readonly recipe: Recipe;
  /** It is interrupted when it has a checkpoint of this step, and resumed. */
  readonly cutAt: number | null;
}

/** Starts a run, or goes on with it. */
export type Starter = typeof launchLocally;

const pollMs = 100;

/**
 * Runs one run of the kit to its end; one that is to be cut, in two parts.
 *
 * One that an earlier start of the kit left is gone on with; with its checkpoint there, it has been cut.
 *
 * Errors: those of a launch
 */
export async function runOnce(
  { plan, recipe, cutAt }: AcceptedRun,
  place: RunPlace,
  tell: Teller,
  launch: Starter = launchLocally,
): Promise<void> {
  const folder = join(place.runDir, "checkpoints");
  const hasPoint = async (step: number): Promise<boolean> =>
    (await checkpointsIn(folder)).some((found) => found.step >= step);
  if (cutAt === null || (await hasPoint(cutAt))) return launch(plan, recipe, place, tell);
  const cut = new AbortController();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      if (await hasPoint(cutAt)) return cut.abort(interruption(plan.id, cutAt));
      await sleep(pollMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  try {
    await launch(plan, recipe, place, tell, cut.signal);
  } catch (error) {
    if (!cut.signal.aborted || error !== cut.signal.reason) throw error;
  } finally {
    over.abort();
    await watching;
  }
  if (!cut.signal.aborted) return;
  tell.say(`${plan.id} was interrupted at its checkpoint, as the kit wants it, and goes on`);
  // As `r1sgg resume` does, from what is in the folder.
  const cutOff = await launchedAs(await findRun(plan.id, place.runsDir));
  await launch(cutOff.plan, cutOff.recipe, cutOff.place, tell);
}

const interruption = (id: string, step: number): SggError =>
  new SggError("INTERRUPTED", `Run "${id}" was interrupted by the kit at checkpoint ${step}`);
