/**
 * A completion without the special tokens of Qwen2-VL, wherever they stand.
 *
 * OpenRLHF and slime send texts that were decoded with them, TRL and verl without; so all four get
 * the same rewards.
 *
 * Source: Qwen/Qwen2-VL-2B-Instruct tokenizer_config.json, ids 151643 to 151656
 *
 * @example
 * withoutSpecialTokens("{}<|im_end|>"); // "{}"
 */
export const withoutSpecialTokens = (text: string): string => text.replace(specialToken, "");

const specialToken =
  /<\|(?:endoftext|im_start|im_end|object_ref_start|object_ref_end|box_start|box_end|quad_start|quad_end|vision_start|vision_end|vision_pad|image_pad|video_pad)\|>/g;
