import { isPythonSpace, pythonStrip } from "../json/python-text.ts";

const open = "<answer>";
const close = "</answer>";

/**
 * The part of a completion that should be JSON.
 *
 * Code fences and the word `json` become spaces everywhere, also inside names. Then the first
 * `<answer>` counts, up to its `</answer>` or the end; without one, the whole text.
 *
 * Source: R1-SGG e4de64d `extract_answer_content`
 *
 * @example
 * answerText("<think>a</think><answer>```json\n{}```</answer>"); // "{}"
 */
export function answerText(completion: string): string {
  const text = pythonStrip(completion.replaceAll("```", " ").replaceAll("json", " "));
  const start = text.indexOf(open);
  if (start < 0) return text;
  const inside = start + open.length;
  const end = text.indexOf(close, inside);
  return pythonStrip(text.slice(inside, end < 0 ? undefined : end));
}

/**
 * Whether a completion is `<think>…</think>`, white space, `<answer>…</answer>` and nothing else.
 *
 * More tags inside do not matter, since the pattern is matched against the whole text. Written
 * out, because a backtracking expression is quadratic on repeated tags.
 *
 * Source: R1-SGG 8451508 and e4de64d `format_reward`:
 *   `fullmatch(<think>.*?</think>\s*<answer>(.*?)</answer>)` of the stripped text
 */
export const hasThinkAndAnswer = (completion: string): boolean =>
  isThinkAndAnswer(pythonStrip(completion));

/** As `hasThinkAndAnswer`, with no white space allowed around it. */
export function isThinkAndAnswer(text: string): boolean {
  if (!text.startsWith("<think>") || !text.endsWith(close)) return false;
  const thinkEnd = "</think>";
  let end = text.indexOf(thinkEnd, "<think>".length);
  while (end >= 0) {
    let at = end + thinkEnd.length;
    while (isPythonSpace(text.charCodeAt(at))) at += 1;
    if (text.startsWith(open, at)) return true; // the closing tag at the end cannot overlap it
    end = text.indexOf(thinkEnd, at);
  }
  return false;
}
