import { answerText, hasThinkAndAnswer } from "../graph/answer-text.ts";
import { parsePythonJson } from "../json/python-json.ts";
import type { AnswerExplanation } from "./explanation.ts";

/** As much of the text as is shown on either side of the place where it breaks. */
const around = 32;

/**
 * Which part of a completion was taken for the answer, and where it stops being JSON.
 *
 * Errors: none
 */
export function explainAnswer(completion: string): AnswerExplanation {
  const text = answerText(completion);
  const json = parsePythonJson(text);
  const head = {
    characters: completion.length,
    tags: hasThinkAndAnswer(completion),
    taken_from: takenFrom(completion),
    text,
  };
  if (json.ok) return head;
  const { at } = json;
  return {
    ...head,
    broken_at: {
      character: at + 1,
      before: text.slice(Math.max(0, at - around), at),
      after: text.slice(at, at + around),
    },
  };
}

/** Where `answerText` has it from; code fences and the word `json` do not make or break a tag. */
function takenFrom(completion: string): AnswerExplanation["taken_from"] {
  const bare = completion.replaceAll("```", " ").replaceAll("json", " ");
  const start = bare.indexOf("<answer>");
  if (start < 0) return "whole completion";
  return bare.includes("</answer>", start) ? "answer tags" : "answer tag that is not closed";
}
