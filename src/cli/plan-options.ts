import { type Command, InvalidArgumentError, Option } from "commander";
import { SggError } from "../errors.ts";
import { checkpointRuns } from "../plan/checkpoints.ts";
import { clusterMachine, type Machine } from "../plan/machine.ts";
import { planRun } from "../plan/plan-run.ts";
import type { Backend, RunPlan } from "../plan/run-plan.ts";
import type { ClusterProfile } from "../recipe/cluster-profile.ts";
import { loadClusterProfile } from "../recipe/load-cluster-profile.ts";
import { loadRun, type RunRecipe } from "../recipe/load-run.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { wholeNumber } from "./numbers.ts";

/** What `plan`, `render` and `launch` are told about a run. */
export interface PlanOptions {
  readonly cluster?: string;
  readonly gpus?: number;
  readonly on?: Backend;
  readonly set: readonly string[];
  /** Steps of kept models, each for a run of its own; null is the recipe's own model. */
  readonly checkpoints?: readonly (number | null)[];
}

/** Adds the options of `PlanOptions` to a command. */
export const withPlan = (command: Command): Command =>
  command
    .argument("<recipe>", "for example recipes/paper/r1-sgg/2b-vg150-open.yaml")
    .option("--cluster <file>", "the cluster's profile, for example slurm/generic-a100.yaml")
    .option("--gpus <n>", "GPUs in all, instead of the recipe's", wholeNumber(0))
    .addOption(
      new Option(
        "--on <where>",
        "where it runs (default: slurm with --cluster, else local)",
      ).choices(["local", "docker", "slurm"]),
    )
    .option(
      "--set <key=value>",
      "change a value of the recipe, for example grpo.learning_rate=3e-7; may be repeated",
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option(
      "--checkpoints <steps>",
      "a run for each of these models that the training kept, for example 100,200,last; on Slurm one job array",
      checkpointSteps,
    );

function checkpointSteps(text: string): readonly (number | null)[] {
  const steps = text.split(",").map((step) => (step.trim() === "last" ? null : Number(step)));
  const isRight = steps.every((step) => step === null || (Number.isSafeInteger(step) && step > 0));
  if (isRight && new Set(steps).size === steps.length) return steps;
  throw new InvalidArgumentError("Expected steps and perhaps last, each once: 100,200,last.");
}

/** A plan and what it was made from. */
export interface Planned {
  readonly plan: RunPlan;
  readonly recipe: Recipe;
  /** Null for a run on this machine. */
  readonly profile: ClusterProfile | null;
}

/** Plans runs for one machine. */
export interface Planner {
  readonly plan: (run: RunRecipe) => RunPlan;
  /** Null for runs on this machine. */
  readonly profile: ClusterProfile | null;
}

/** A planner for where the options say. Errors: SggError RECIPE or USAGE */
export async function toPlanner({ cluster, gpus, on }: PlanOptions): Promise<Planner> {
  const backend = on ?? (cluster === undefined ? "local" : "slurm");
  if (backend === "slurm" && cluster === undefined)
    throw new SggError(
      "USAGE",
      "Cannot plan for slurm: no --cluster, expected a cluster's profile",
    );
  if (backend !== "slurm" && cluster !== undefined)
    throw new SggError("USAGE", `Cannot plan for ${backend} with --cluster, expected --on slurm`);
  const profile = cluster === undefined ? null : await loadClusterProfile(cluster);
  const machine = profile ? clusterMachine(profile) : await thisMachine();
  const asked = gpus === undefined ? {} : { gpus };
  return { profile, plan: (run) => planRun({ run, machine, backend, ...asked }) };
}

/**
 * The plans that the options ask for: one, or one for each of `checkpoints`.
 *
 * Errors: SggError RECIPE, PLAN or USAGE
 */
export async function toPlans(recipe: string, options: PlanOptions): Promise<readonly Planned[]> {
  const { plan, profile } = await toPlanner(options);
  const run = await loadRun(recipe, { set: options.set });
  const { checkpoints } = options;
  const runs = checkpoints === undefined ? [run] : checkpointRuns(run, checkpoints);
  return runs.map((one) => ({ plan: plan(one), recipe: one.recipe, profile }));
}

async function thisMachine(): Promise<Machine> {
  const { localMachine } = await import("../launch/local-machine.ts");
  return localMachine();
}
