import type { Recipe } from "../recipe/recipe.ts";
import { lcm, nearestMultiples } from "./nearest-numbers.ts";

/** A step cut into equal parts: `perStep` = trainers × `perDevice` × `accumulation`. */
export interface Batch {
  readonly perStep: number;
  readonly perDevice: number;
  readonly accumulation: number;
}

/** A batch, or why it does not divide, with what does. */
export type Divided = { readonly batch: Batch } | { readonly fault: string };

/**
 * Rows of an SFT step, or completions of a GRPO step, over the trainers.
 *
 * Errors: none; a rest is a fault in words, with the nearest batch and number of trainers.
 *
 * @example
 * // 32 prompts × 8 on 12 trainers of 4: 256 is no multiple of 48, 240 (30 prompts) and 288 are
 */
export function divide(recipe: Recipe, trainers: number): Divided {
  if (recipe.stage === "sft") {
    const { batch_size: rows, per_device_batch_size: perDevice } = recipe.sft;
    const near = (unit: number) => nearestMultiples(rows, unit).map((one) => `${one}`);
    return cut("sft.batch_size", "rows", { perStep: rows, perDevice, trainers, near });
  }
  if (recipe.stage === "grpo") {
    const {
      prompts_per_step,
      num_generations: group,
      per_device_batch_size: perDevice,
    } = recipe.grpo;
    const perStep = prompts_per_step * group;
    const near = (unit: number) =>
      nearestMultiples(perStep, lcm(unit, group)).map((one) => `${one} (${one / group} prompts)`);
    return cut("grpo.prompts_per_step", "completions", { perStep, perDevice, trainers, near });
  }
  return { batch: { perStep: 1, perDevice: 1, accumulation: 1 } };
}

interface Cut {
  readonly perStep: number;
  readonly perDevice: number;
  readonly trainers: number;
  readonly near: (unit: number) => readonly string[];
}

function cut(key: string, what: string, { perStep, perDevice, trainers, near }: Cut): Divided {
  const unit = trainers * perDevice;
  if (perStep % unit === 0) return { batch: { perStep, perDevice, accumulation: perStep / unit } };
  const fewer = Array.from({ length: trainers - 1 }, (_, i) => trainers - 1 - i);
  const fitting = fewer.find((count) => perStep % (count * perDevice) === 0);
  const others = fitting === undefined ? "" : `, or ${fitting} trainer${fitting === 1 ? "" : "s"}`;
  return {
    fault: `${key}: ${perStep} ${what} a step do not divide by ${trainers} trainers x ${perDevice} a device, expected ${near(unit).join(" or ")}${others}`,
  };
}
