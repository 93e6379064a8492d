import type { Recipe } from "../recipe/recipe.ts";
import type { Parallel } from "../recipe/training.ts";
import type { ModelSize } from "./model-table.ts";
import type { TrainerMemory } from "./run-plan.ts";

/** Bytes of a parameter's weight, gradient and optimiser state. */
interface Bytes {
  readonly weights: number;
  readonly gradients: number;
  readonly optimiser: number;
}

/** AdamW keeps two values in the dtype of the weights. */
const adamBytes = (dtype: "bfloat16" | "float32"): Bytes =>
  dtype === "bfloat16"
    ? { weights: 2, gradients: 2, optimiser: 4 }
    : { weights: 4, gradients: 4, optimiser: 8 };

/** DeepSpeed keeps a float32 copy beside its two values. Source: Rajbhandari et al. 2020, section 3.1 */
const zeroBytes: Bytes = { weights: 2, gradients: 2, optimiser: 12 };

/** Which of the three is spread over the trainers; what is offloaded leaves the GPU. */
const sharded: Readonly<Record<Parallel, readonly (keyof Bytes)[]>> = {
  none: [],
  ddp: [],
  fsdp: ["weights", "gradients", "optimiser"],
  zero2: ["gradients", "optimiser"],
  "zero2-offload": ["gradients", "optimiser"],
  zero3: ["weights", "gradients", "optimiser"],
};

const gib = 1024 ** 3;

/**
 * What a trainer's GPU holds before any activation: a lower bound.
 *
 * Frozen parameters and those beside a LoRA have no gradient; the adapters themselves are left out, as
 * small. Activations, fragments and the images are not counted.
 *
 * Unit: GiB.
 *
 * @example
 * // Qwen2-VL-7B, ZeRO-2 on 16: 15.4 weights + 1.0 gradients + 5.8 optimiser
 */
export function trainerMemory(
  recipe: Recipe,
  size: ModelSize,
  trainers: number,
  available: number | null,
): TrainerMemory | null {
  if (recipe.stage !== "sft" && recipe.stage !== "grpo") return null;
  const { parallel, dtype, freeze_vision, lora } =
    recipe.stage === "sft" ? recipe.sft : recipe.grpo;
  const trained = lora ? 0 : size.parameters - (freeze_vision ? size.visionParameters : 0);
  const bytes = parallel.startsWith("zero") ? zeroBytes : adamBytes(dtype);
  const part = (what: keyof Bytes, parameters: number) =>
    (bytes[what] * parameters) / (sharded[parallel].includes(what) ? trainers : 1) / gib;
  const colocated = recipe.stage === "grpo" && recipe.sampler.mode === "colocate";
  return {
    weights: part("weights", size.parameters),
    gradients: part("gradients", trained),
    optimiser: parallel === "zero2-offload" ? 0 : part("optimiser", trained),
    sampler: colocated ? recipe.sampler.gpu_memory_utilization * (available ?? 0) : 0,
    available,
  };
}

/** GiB of a model's weights on each GPU of a vLLM server. */
export const servedWeights = (size: ModelSize, width: number): number =>
  (2 * size.parameters) / width / gib;

/** What has to be there in any case. */
export const heldMemory = ({ weights, gradients, optimiser }: TrainerMemory): number =>
  weights + gradients + optimiser;
