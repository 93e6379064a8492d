import { chunks } from "./chunks.ts";
import { pythonPattern } from "./python-pattern.ts";
import { applySpecialCases, phraseTree } from "./special-cases.ts";
import { splitChunk } from "./split-chunk.ts";
import type { SpacyTables } from "./tables.ts";
import { endingWith, plainToken, type SpecialCases, type Token } from "./token.ts";

/** Cuts a text into tokens. */
export type Tokenizer = (text: string) => readonly Token[];

/**
 * spaCy's English tokenizer.
 *
 * Source: spaCy 3.8.18 `tokenizer.pyx`, `Tokenizer.__call__`; its caches change nothing and are not here
 *
 * @example
 * createTokenizer(tables)("man's hat"); // tokens "man" and "'s", a space after it, "hat"
 */
export function createTokenizer(
  tables: Pick<SpacyTables, "patterns" | "special_cases">,
): Tokenizer {
  const patterns = {
    prefix: pythonPattern(tables.patterns.prefix),
    suffix: pythonPattern(tables.patterns.suffix),
    infix: pythonPattern(tables.patterns.infix, "g"),
    url: pythonPattern(tables.patterns.url),
  };
  const specialCases: SpecialCases = new Map(
    Object.entries(tables.special_cases).map(([text, tokens]) => [
      text,
      tokens.map(([orth, norm]) => ({ ...plainToken(orth), norm: norm ?? undefined })),
    ]),
  );
  const cut = (text: string, special: SpecialCases): readonly Token[] =>
    chunks(text).flatMap((chunk) =>
      endingWith(splitChunk(chunk.text, patterns, special), chunk.spaceAfter),
    );
  // Only these can be torn apart (spaCy's `faster_heuristics`).
  const { prefix, suffix, infix } = patterns;
  const torn = [...specialCases.keys()].filter(
    (text) =>
      [prefix, suffix].some((pattern) => pattern.test(text)) ||
      text.search(infix) >= 0 ||
      text.includes(" "),
  );
  const phrases = phraseTree(torn.map((text) => cut(text, new Map()).map(({ orth }) => orth)));
  return (text) => applySpecialCases(cut(text, specialCases), phrases, specialCases);
}
