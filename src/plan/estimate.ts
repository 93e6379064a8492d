import { seconds } from "../recipe/duration.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Machine } from "./machine.ts";
import type { Estimate, Limits } from "./run-plan.ts";

/** Steps and how often something is kept of them. */
interface Steps {
  readonly steps: number | null;
  readonly perStep: number;
  readonly checkpointEvery: number | null;
}

/**
 * Hours and GPU hours of a run, from the step time that its recipe states.
 *
 * On another number of GPUs than the stated one the time is scaled as if GPUs were all that counts, and
 * the source says so. Starting, saving and evaluating are not in it.
 */
export function toEstimate(recipe: Recipe, gpus: number, counted: Steps): Estimate {
  const { step_time: stated } = recipe.resources;
  const { steps, perStep, checkpointEvery } = counted;
  const scale = stated === undefined || gpus === 0 ? 1 : stated.gpus / gpus;
  const stepSeconds = stated === undefined ? null : stated.seconds * scale;
  const hours = stepSeconds === null || steps === null ? null : (steps * stepSeconds) / 3600;
  const scaled = scale === 1 ? "" : `; scaled from ${stated?.gpus} to ${gpus} GPUs, not measured`;
  return {
    stepSeconds,
    source: stated === undefined ? null : `${stated.source}${scaled}`,
    hours,
    gpuHours: hours === null ? null : hours * gpus,
    checkpoints:
      steps === null || checkpointEvery === null ? null : Math.floor(steps / checkpointEvery),
    tokens: steps === null ? null : tokensOf(recipe, steps, perStep),
  };
}

function tokensOf(recipe: Recipe, steps: number, perStep: number): number | null {
  if (recipe.stage === "grpo") {
    const { max_prompt_length: prompt, max_completion_length: completion } = recipe.grpo;
    return steps * perStep * (prompt + completion);
  }
  if (recipe.stage === "sft" && recipe.sft.max_length !== undefined)
    return steps * perStep * recipe.sft.max_length;
  return recipe.stage === "infer" ? steps * recipe.sampler.max_model_len : null;
}

/** Where a run may not be saved to go on: it has one attempt. */
export const canGoOn = (recipe: Recipe): boolean => {
  if (recipe.stage !== "sft" && recipe.stage !== "grpo") return true;
  const { checkpoints } = recipe.stage === "sft" ? recipe.sft : recipe.grpo;
  return checkpoints !== undefined && !checkpoints.save_only_model;
};

/** The time of an attempt and the number of further ones, within what the machine allows. */
export function toLimits(recipe: Recipe, machine: Machine): Limits {
  const { time_limit, requeues = machine.requeues } = recipe.resources;
  const own = time_limit === undefined ? null : seconds(time_limit);
  const most = machine.limitSeconds;
  return {
    seconds: own === null || most === null ? (own ?? most) : Math.min(own, most),
    requeues: canGoOn(recipe) ? Math.min(requeues, machine.requeues) : 0,
  };
}

/** Why a run could never get further than its first checkpoint. */
export function timeFaults(
  recipe: Recipe,
  limits: Limits,
  { stepSeconds }: Estimate,
  every: number | null,
): readonly string[] {
  if (limits.seconds === null || stepSeconds === null || every === null) return [];
  if (every * stepSeconds <= limits.seconds) return [];
  const most = Math.floor(limits.seconds / stepSeconds);
  const wanted = most > 0 ? `at most ${most}` : "a longer resources.time_limit";
  return [
    `${recipe.stage}.checkpoints.every_steps: ${every} steps of ${Math.round(stepSeconds)} s take longer than an attempt of ${limits.seconds} s, expected ${wanted}`,
  ];
}
