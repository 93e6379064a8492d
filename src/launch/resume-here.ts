import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { SggError } from "../errors.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { DockerSettings } from "./docker/launch.ts";
import type { RunPlace } from "./launch-here.ts";
import type { Run } from "./runs.ts";
import type { Teller } from "./smoke-run.ts";

/** A run's plan and recipe, and where it is. */
export interface Launched {
  readonly plan: RunPlan;
  readonly recipe: Recipe;
  readonly place: RunPlace;
}

/**
 * Goes on with a run of this machine by the plan in its folder, in containers as they were chosen or
 * as processes. What an earlier start left is ended first.
 *
 * Errors: SggError USAGE when the folder has no plan to go on with, or the run still runs; those of the launch
 */
export async function resumeHere(run: Run, tell: Teller): Promise<void> {
  const { plan, recipe, place } = await launchedAs(run);
  if (plan.backend !== "docker") {
    const { launchLocally } = await import("./local/launch.ts");
    return launchLocally(plan, recipe, place, tell);
  }
  const { launchOnDocker } = await import("./docker/launch.ts");
  const { record } = run;
  if (record.docker === undefined) throw noPlan(record.runId, "no settings of its containers");
  await launchOnDocker(plan, recipe, place, record.docker as DockerSettings, tell);
}

/** What a run was launched with, as its folder has it. Errors: SggError USAGE when that is not there */
export async function launchedAs({ runDir, record }: Run): Promise<Launched> {
  const plan = JSON.parse(await read(record.runId, join(runDir, "plan.json"))) as RunPlan;
  const recipe = parse(await read(record.runId, join(runDir, "recipe.yaml"))) as Recipe;
  if (plan.roles === undefined) throw noPlan(record.runId, "the plan of r1sgg smoke");
  return { plan, recipe, place: { runDir, runsDir: dirname(runDir) } };
}

const read = (runId: string, path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: Error) => {
    throw noPlan(runId, cause.message);
  });

const noPlan = (runId: string, found: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot resume run "${runId}": ${found}, expected a run of r1sgg launch (r1sgg smoke goes on when it is started again with the same --out)`,
  );
