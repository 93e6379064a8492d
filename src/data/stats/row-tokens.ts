import { imageTokens, type ResizeLimits } from "../../core/geometry/smart-resize.ts";
import { answerOf, type Think } from "../answer.ts";
import type { Row } from "../row.ts";
import type { TokenCounter } from "./tokenizer.ts";

/** What a row is asked with and what is answered. */
export interface Conversation {
  readonly system: string;
  readonly promptOf: (row: Row) => string;
  readonly think: Think;
}

/** Tokens of a row: its image; the prompt with the image in it; the answer with its end. */
export interface RowTokens {
  readonly image: number;
  readonly prompt: number;
  readonly answer: number;
}

/**
 * Gives a function that counts the tokens of rows, as trainer and sampler see them.
 *
 * A prompt is everything up to where the model begins to speak; in place of its one `image_pad`
 * the image has as many as its resized size asks for. The last prompt's count is kept, for mostly
 * all rows are asked the same.
 *
 * Source: chat template of Qwen2-VL and Qwen2.5-VL for a system message and a user's image and text
 */
export function rowTokens(
  { count }: TokenCounter,
  { system, promptOf, think }: Conversation,
  limits: ResizeLimits,
): (row: Row) => RowTokens {
  let last: { readonly text: string; readonly tokens: number } | undefined;
  const promptTokens = (text: string): number => {
    if (last?.text !== text) last = { text, tokens: count(chatText(system, text)) };
    return last.tokens;
  };
  return (row) => {
    const image = imageTokens(row, limits);
    return {
      image,
      prompt: promptTokens(promptOf(row)) - 1 + image,
      answer: count(`${answerOf(row, think)}<|im_end|>`),
    };
  };
}

/** A conversation up to the assistant's turn. */
export const chatText = (system: string, prompt: string): string =>
  `<|im_start|>system\n${system}<|im_end|>\n<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>${prompt}<|im_end|>\n<|im_start|>assistant\n`;
