import { SggError } from "../../errors.ts";

/**
 * A text as one word of bash, whatever is in it.
 *
 * Between single quotes nothing has a meaning but the single quote itself.
 *
 * Errors: SggError PLAN for a NUL, which no word can hold
 *
 * @example
 * quote("it's"); // 'it'\''s'
 */
export const quote = (text: string): string =>
  `'${withoutNul(text, "a word of a script").replaceAll("'", "'\\''")}'`;

/**
 * Words as a file: each ended by NUL, so that blanks, quotes and newlines in them are nothing special.
 *
 * Errors: SggError PLAN for a NUL
 */
export const nulList = (words: readonly string[]): string =>
  words.map((word) => `${withoutNul(word, "a word of a command")}\0`).join("");

function withoutNul(text: string, what: string): string {
  if (!text.includes("\0")) return text;
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  throw new SggError("PLAN", `Cannot use ${shown} as ${what}: found a NUL, expected text without`);
}
