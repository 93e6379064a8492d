import { SggError } from "../errors.ts";
import type { RunRecipe } from "../recipe/load-run.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { baseModel } from "./base-model.ts";
import { divide } from "./batch.ts";
import { timeFaults, toEstimate, toLimits } from "./estimate.ts";
import { headFaults, lengthFaults, processFaults, tinyFaults } from "./faults.ts";
import { toInputs } from "./inputs.ts";
import type { Machine } from "./machine.ts";
import { trainerMemory } from "./memory.ts";
import { memoryFaults } from "./memory-faults.ts";
import { place, trainerCount } from "./place.ts";
import { hashOf, recipeHash } from "./recipe-hash.ts";
import type { Context } from "./roles/context.ts";
import { toRoles } from "./roles/roles.ts";
import type { Backend, PlanRole, RunPlan } from "./run-plan.ts";
import { rowsOf, stepsOf } from "./steps.ts";
import { toTopology } from "./topology.ts";
import { toWarnings } from "./warnings.ts";

/** What is asked for: the only input of a plan. */
export interface PlanRequest {
  readonly run: RunRecipe;
  readonly machine: Machine;
  readonly backend: Backend;
  /** Instead of the recipe's own number. */
  readonly gpus?: number;
}

/**
 * Settles a run: recipe, machine and number of GPUs to roles, files, batch and hours.
 *
 * Same request in, same plan out, byte for byte.
 *
 * Errors: SggError PLAN that lists all that is impossible, each with the nearest that is possible
 */
export function planRun({ run, machine, backend, gpus: asked }: PlanRequest): RunPlan {
  const { recipe } = run;
  const gpus = recipe.stage === "eval" ? 0 : (asked ?? recipe.resources.gpus);
  const sized = toTopology(gpus, machine);
  if ("fault" in sized) throw cannotPlan(recipe, [`resources.gpus: ${sized.fault}`]);
  const { topology } = sized;
  const placed = place(recipe, topology);
  if ("fault" in placed) throw cannotPlan(recipe, [placed.fault]);
  const { placement } = placed;
  const trainers = trainerCount(placement);
  const base = baseModel(run);
  const device = deviceOf(recipe, gpus);
  const divided = divide(recipe, Math.max(1, trainers));
  const available = device === "cuda" ? machine.gpuMemoryGib : null;
  const limits = toLimits(recipe, machine);
  const batch = "batch" in divided ? divided.batch : { perStep: 1, perDevice: 1, accumulation: 1 };
  const steps = stepsOf(recipe, batch, Math.max(1, trainers));
  const checkpointEvery = checkpointsEvery(recipe);
  const counted = { steps, perStep: batch.perStep, checkpointEvery };
  const estimate = toEstimate(recipe, gpus, counted);
  const faults = [
    ...("fault" in divided ? [divided.fault] : []),
    ...tinyFaults(recipe),
    ...lengthFaults(recipe),
    ...processFaults(recipe, placement, device),
    ...(base.size ? headFaults(recipe, base.size) : []),
    ...(base.size ? memoryFaults(recipe, base.size, trainers, available) : []),
    ...timeFaults(recipe, limits, estimate, checkpointEvery),
  ];
  if (faults.length > 0) throw cannotPlan(recipe, faults);
  const memory = base.size ? trainerMemory(recipe, base.size, trainers, available) : null;
  const { stepSeconds } = estimate;
  const context: Context = {
    ...{ run, recipe, base, machine, topology, placement, device, batch, stepSeconds },
  };
  const made = toRoles(context);
  const ofRecipe = recipeHash(run);
  const hash = hashOf([ofRecipe, topology, placement, device, batch]);
  return {
    id: `${recipe.name}-${hash.slice(0, 8)}`,
    hash,
    recipeHash: ofRecipe,
    stage: recipe.stage,
    ...{ backend, topology, device, family: base.family },
    image: recipe.stage === "eval" ? null : recipe.image,
    inputs: toInputs(run),
    ...made,
    limits,
    arithmetic: {
      ...{ trainers, ...batch, steps, checkpointEvery },
      group: recipe.stage === "grpo" ? recipe.grpo.num_generations : null,
      rows: rowsIn(recipe),
    },
    estimate,
    memory,
    warnings: toWarnings(run, {
      ...{ machine, limits, steps, estimate, memory, gpus },
      knownSize: base.size !== undefined || base.tiny,
      idleGpus: idleGpus(made.roles, gpus),
    }),
  };
}

/** Places without a GPU, or GPUs that are not to be used, are the CPU. */
const deviceOf = ({ resources }: Recipe, gpus: number): "cuda" | "cpu" =>
  gpus === 0 || resources.device === "cpu" ? "cpu" : "cuda";

const idleGpus = (roles: readonly PlanRole[], gpus: number): number => {
  const owned = roles.flatMap((role) =>
    role.nodes.flatMap((node) => role.gpus.map((gpu) => `${node}:${gpu}`)),
  );
  return gpus - new Set(owned).size;
};

/** Rows that are trained on, or asked about. */
const rowsIn = (recipe: Recipe): number | null => {
  const trains = recipe.stage === "sft" || recipe.stage === "grpo";
  return rowsOf(trains ? recipe.data.train : recipe.data.eval);
};

function checkpointsEvery(recipe: Recipe): number | null {
  if (recipe.stage !== "sft" && recipe.stage !== "grpo") return null;
  const { checkpoints } = recipe.stage === "sft" ? recipe.sft : recipe.grpo;
  return checkpoints?.every_steps ?? null;
}

function cannotPlan({ name }: Recipe, faults: readonly string[]): SggError {
  const [only, ...more] = faults;
  const list =
    more.length === 0
      ? only
      : `${faults.length} things cannot be${faults.map((one) => `\n  ${one}`).join("")}`;
  return new SggError("PLAN", `Cannot plan "${name}": ${list}`);
}
