import type { Choice } from "./question.ts";

/** How an answer was read; all from `contradiction` on are wrong, whatever they say. */
export type AnswerKind =
  | "letter"
  | "text"
  | "letter and text"
  | "contradiction"
  | "several"
  | "refusal"
  | "empty"
  | "other";

/** What a model chose, or why nothing can be made of its answer. */
export interface ReadAnswer {
  readonly kind: AnswerKind;
  readonly choice: Choice | null;
}

/** Letters as options: `A`, `(B)`, `**C**`, `D) on`, `A or B`; not the article in "A man". */
const marked = [
  /^[\s*("'[]*([A-D])[\s*)"'\].:,;]*$/g, // nothing else
  /^[\s*("'[]*([A-D])\s*\**\s*[.:]/g, // at the beginning
  /(?:^|[\s*("'[])([A-D])\**[)\]]/g, // anywhere
  /\b([A-D])(?=\s*(?:or|and|\/|,)\s*[A-D]\b)/g,
  /\b[A-D]\s*(?:or|and|\/|,)\s*([A-D])\b/g,
] as const;

/** `the answer is C`, in either case, where no marked letter says it better. */
const announced =
  /\b(?:answer|option|choice|relationship)\b[^.\n]{0,40}?[\s*("'[:]([A-D])(?=[\s*)"'\].:,;]|$)(?!\s+[a-z])/gi;

const refusals =
  /\b(?:cannot|can't|can not|unable|sorry|impossible|not (?:possible|visible|clear|able|enough|sufficient)|no (?:image|visible|clear)|none of)\b/i;

/**
 * Turns of speech whose words are no options: "based on", "at [3, 5", "in this image", "of the two
 * objects", "to the left of", "to determine", "and the".
 */
const framing = new RegExp(
  [
    String.raw`\b(?:based on|according to|and (?:the|an?|other))\b`,
    String.raw`\b(?:one|none|some|all|both|either|size|terms) of\b`,
    String.raw`\bat (?=[[(])|\bof the (?:two )?objects\b`,
    String.raw`\b(?:to|on) the (?:left|right)(?: side)?(?: of)?\b`,
    String.raw`\bto (?:answer|be|choose|determine|identify|know|provide|say|see|tell)\b`,
    String.raw`\b(?:on|in|of|from|at|with|to|for) (?:the|this|these|an?) (?:given|provided|following)? ?(?:image|picture|photo|scene|information|question|prompt|options?|choices?|list|bounding boxes)\b`,
  ].join("|"),
  "g",
);

/**
 * Reads the answer to a four-way question: a letter, the text of an option, or both.
 *
 * A text counts where it stands as whole words; a shorter option inside a longer one ("on" in
 * "standing on") does not count beside it, nor one in a turn of speech ("based on the image"). More than one letter, or more than one text without a
 * letter, is no choice; a letter beside the text of another option is a contradiction. With neither,
 * words of refusal make it a refusal.
 *
 * Errors: none; whatever cannot be read is a kind of its own.
 * Source: ours; R1-SGG v1 does not say how answers were read
 *
 * @example
 * readVqaAnswer("B) riding", ["on", "riding", "near", "has"]); // { kind: "letter and text", choice: 1 }
 */
export function readVqaAnswer(answer: string, options: readonly string[]): ReadAnswer {
  const text = answer.replace(/<think>[\s\S]*?<\/think>|<\/?answer>/g, " ").trim();
  if (text === "") return { kind: "empty", choice: null };
  const lettered = chosenLetters(text);
  const named = namedOptions(text, options);
  if (lettered.length > 1) return { kind: "several", choice: null };
  const [letter] = lettered;
  if (letter !== undefined) {
    if (named.length === 0) return { kind: "letter", choice: letter };
    if (named.includes(letter)) return { kind: "letter and text", choice: letter };
    return { kind: "contradiction", choice: null };
  }
  if (named.length === 1) return { kind: "text", choice: named[0]! };
  if (named.length > 1) return { kind: "several", choice: null };
  return { kind: refusals.test(text) ? "refusal" : "other", choice: null };
}

/** The letters that an answer chooses, each once. */
function chosenLetters(text: string): readonly Choice[] {
  const found = (form: RegExp) =>
    Array.from(text.matchAll(form), ([, letter]) => choiceOf(letter!));
  const chosen = new Set(marked.flatMap(found));
  return [...(chosen.size > 0 ? chosen : new Set(found(announced)))];
}

const choiceOf = (letter: string): Choice => "ABCD".indexOf(letter.toUpperCase()) as Choice;

/** The options that stand in the text as whole words, phrases before single words. */
function namedOptions(text: string, options: readonly string[]): readonly Choice[] {
  const longestFirst = options
    .map((option, index) => ({ option: option.toLowerCase(), index: index as Choice }))
    .sort((a, b) => b.option.length - a.option.length);
  const isPhrase = ({ option }: Named): boolean => option.includes(" ");
  const phrases = takeOut(text.toLowerCase(), longestFirst.filter(isPhrase));
  const words = takeOut(
    phrases.rest.replace(framing, "\n"),
    longestFirst.filter((one) => !isPhrase(one)),
  );
  return [...phrases.found, ...words.found].sort();
}

interface Named {
  readonly option: string;
  readonly index: Choice;
}

/** Which of the options stand in a text, one after the other, and what is left of it. */
function takeOut(text: string, options: readonly Named[]) {
  const found: Choice[] = [];
  let rest = text;
  for (const { option, index } of options) {
    const words = new RegExp(`(?<![\\p{L}\\d])${escaped(option)}(?![\\p{L}\\d])`, "gu");
    const without = rest.replace(words, "\n");
    if (without !== rest) found.push(index);
    rest = without;
  }
  return { found, rest };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
