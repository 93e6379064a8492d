import type { Recipe } from "../recipe/recipe.ts";
import type { ModelSize } from "./model-table.ts";
import { type Placement, trainerCount } from "./place.ts";

/** Pixels of one image token: a patch of 28 × 28. Source: Qwen2-VL's processor. */
const pixelsPerToken = 28 * 28;

/** What a tiny model lacks: it is made of the words of training rows. */
export function tinyFaults(recipe: Recipe): readonly string[] {
  if (recipe.stage === "eval" || !("tiny" in recipe.model)) return [];
  if (recipe.stage === "vqa")
    return ["model.tiny: one for stage vqa, expected id, path or from: it is made with a prompt"];
  if (recipe.data.train !== undefined) return [];
  return ["data.train: none for model.tiny, expected the rows of whose words it is made"];
}

/** What of lengths does not go together, with what would. */
export function lengthFaults(recipe: Recipe): readonly string[] {
  if (recipe.stage === "grpo") {
    const { max_prompt_length: prompt, max_completion_length: completion } = recipe.grpo;
    const { max_model_len: most } = recipe.sampler;
    const imageTokens = Math.floor(recipe.image.max_pixels / pixelsPerToken);
    return [
      ...(prompt + completion > most
        ? [
            `sampler.max_model_len: ${most} for ${prompt} tokens of prompt and ${completion} of completion, expected at least ${prompt + completion}`,
          ]
        : []),
      ...(imageTokens >= prompt
        ? [
            `grpo.max_prompt_length: ${prompt} for an image of up to ${imageTokens} tokens and its text, expected more, or image.max_pixels below ${prompt * pixelsPerToken}`,
          ]
        : []),
    ];
  }
  if (recipe.stage !== "infer" && recipe.stage !== "vqa") return [];
  const { max_tokens: answer } = recipe.infer;
  const { max_model_len: most } = recipe.sampler;
  const imageTokens = Math.floor(recipe.image.max_pixels / pixelsPerToken);
  if (imageTokens + answer < most) return [];
  return [
    `sampler.max_model_len: ${most} for an image of up to ${imageTokens} tokens, its text and an answer of ${answer}, expected more than ${imageTokens + answer}`,
  ];
}

/** Tensor parallel widths that a model's heads allow. Source: vLLM 0.31 divides heads, repeats keys and values. */
export const allowedWidths = ({ heads, keyValueHeads }: ModelSize): readonly number[] =>
  Array.from({ length: heads }, (_, i) => i + 1).filter(
    (width) => heads % width === 0 && (keyValueHeads % width === 0 || width % keyValueHeads === 0),
  );

/** What of the sampler the model's heads do not allow. */
export function headFaults(recipe: Recipe, size: ModelSize): readonly string[] {
  if (!("sampler" in recipe)) return [];
  const { tensor_parallel: width } = recipe.sampler;
  const allowed = allowedWidths(size);
  if (allowed.includes(width)) return [];
  return [
    `sampler.tensor_parallel: ${width} for ${size.heads} attention heads and ${size.keyValueHeads} of keys and values, expected ${allowed.join(", ")}`,
  ];
}

/** What of the processes does not go together. */
export function processFaults(
  recipe: Recipe,
  placement: Placement,
  device: "cuda" | "cpu",
): readonly string[] {
  if (recipe.stage !== "sft" && recipe.stage !== "grpo") return [];
  const { parallel, checkpoints } = recipe.stage === "sft" ? recipe.sft : recipe.grpo;
  const trainers = trainerCount(placement);
  const { requeues = 0 } = recipe.resources;
  return [
    ...(parallel === "none" && trainers > 1
      ? [
          `${recipe.stage}.parallel: none with ${trainers} trainers, expected ddp, fsdp or a ZeRO stage`,
        ]
      : []),
    ...(device === "cpu" && parallel !== "none" && parallel !== "ddp"
      ? [`${recipe.stage}.parallel: ${parallel} without GPUs, expected ddp or none`]
      : []),
    ...(checkpoints?.save_only_model && requeues > 0
      ? [
          `${recipe.stage}.checkpoints.save_only_model: leaves nothing to go on from, with resources.requeues ${requeues}, expected save_only_model false or requeues 0`,
        ]
      : []),
    ...(recipe.stage === "grpo" ? syncFaults(recipe.sampler, placement, device) : []),
  ];
}

function syncFaults(
  { mode, sync }: { readonly mode: string; readonly sync: string },
  { shared }: Placement,
  device: "cuda" | "cpu",
): readonly string[] {
  if (mode === "colocate")
    return device === "cpu" ? ["sampler.mode: colocate without a GPU, expected server"] : [];
  if (sync !== "nccl") return [];
  if (device === "cpu") return ["sampler.sync: nccl without GPUs, expected disk"];
  return shared ? ["sampler.sync: nccl with trainer and server on one GPU, expected disk"] : [];
}
