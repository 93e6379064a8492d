import { spaces } from "./python-pattern.ts";

/** A piece of a text that is all white space or has none. */
export interface Chunk {
  readonly text: string;
  /** Whether a space follows it, which is in no chunk. */
  readonly spaceAfter: boolean;
}

const runs = new RegExp(`[${spaces}]+|[^${spaces}]+`, "g");

/**
 * Cuts a text where white space begins and ends; one space behind a word belongs to that word.
 *
 * Source: spaCy 3.8.18 `tokenizer.pyx`, `_tokenize_affixes`
 *
 * @example
 * chunks("a  b"); // [{ text: "a", spaceAfter: true }, { text: " ", … }, { text: "b", … }]
 */
export function chunks(text: string): readonly Chunk[] {
  const found: { text: string; spaceAfter: boolean }[] = [];
  for (const run of text.match(runs) ?? []) {
    const word = found.at(-1);
    const isBehindWord = word !== undefined && run.startsWith(" ");
    if (isBehindWord) word.spaceAfter = true;
    const rest = isBehindWord ? run.slice(1) : run;
    if (rest !== "") found.push({ text: rest, spaceAfter: false });
  }
  return found;
}
