import type { Box } from "../graph/scene-graph.ts";
import type { Asked, Question } from "./question.ts";
import type { Setting } from "./setting.ts";

/** Raised when a word of a prompt changes: answers to different prompts are not compared. */
export const vqaPromptVersion = "vqa-1";

/**
 * The user's text of a question, as a setting shows it.
 *
 * With names and boxes it is the paper's own text. Without one of them the paper prints no text:
 * ours leaves out the name or the box, and the sentence on the format of boxes when there are none.
 *
 * Unit:   boxes in whole pixels of the image, whose size the text states
 * Errors: none
 * Source: R1-SGG v1, the VQA prompt of Table 1
 */
export function vqaPrompt(question: Question, { categories, boxes }: Setting): string {
  const { subject, object, options, width, height } = question;
  const one = (asked: Asked) =>
    ["the object", categories && `"${asked.name}"`, boxes && `at ${inPixels(asked.bbox)}`]
      .filter((part) => part !== false)
      .join(" ");
  return [
    `Analyze the relationship between ${one(subject)} and ${one(object)} in an image of size (${width}x${height}).`,
    ...(boxes ? ["The bounding boxes are in [x1, y1, x2, y2] format."] : []),
    `Choose the most appropriate relationship from the following options: ${options.map((option, i) => `${"ABCD"[i]}) ${option}`).join("; ")}.`,
  ].join(" ");
}

const inPixels = (box: Box): string => `[${box.map((side) => Math.round(side)).join(", ")}]`;
