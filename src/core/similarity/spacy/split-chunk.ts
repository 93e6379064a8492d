import { plainToken, type SpecialCases, type Token } from "./token.ts";

/** Where words are cut: at their ends, in their middle, and what looks like a URL not at all. */
export interface Patterns {
  readonly prefix: RegExp;
  readonly suffix: RegExp;
  /** With the flag g. */
  readonly infix: RegExp;
  readonly url: RegExp;
}

/**
 * The tokens of a chunk: prefixes and suffixes are taken off it until nothing more comes off, or
 * what is left is a special case; what is left is cut at its infixes.
 *
 * Source: spaCy 3.8.18 `tokenizer.pyx`, `_split_affixes` and `_attach_tokens`
 */
export function splitChunk(
  chunk: string,
  patterns: Patterns,
  specialCases: SpecialCases,
): readonly Token[] {
  const { prefix, suffix } = patterns;
  const prefixes: Token[] = [];
  const suffixes: Token[] = [];
  let word = chunk;
  while (word !== "" && !specialCases.has(word)) {
    const start = lengthOf(prefix, word);
    const end = word.length - lengthOf(suffix, word.slice(start));
    if (start === 0 && end === word.length) break;
    // Both come off, unless taking off one alone leaves a special case; the prefix is tried first.
    const prefixOnly = specialCases.has(word.slice(start));
    const suffixOnly = !prefixOnly && specialCases.has(word.slice(0, end));
    const from = suffixOnly ? 0 : start;
    const to = prefixOnly ? word.length : end;
    if (from > 0) prefixes.push(plainToken(word.slice(0, from)));
    if (to < word.length) suffixes.unshift(plainToken(word.slice(to)));
    word = word.slice(from, to);
  }
  return [...prefixes, ...middle(word, patterns, specialCases), ...suffixes];
}

const lengthOf = (pattern: RegExp, text: string): number => pattern.exec(text)?.[0].length ?? 0;

function middle(
  word: string,
  { url, infix }: Patterns,
  specialCases: SpecialCases,
): readonly Token[] {
  if (word === "") return [];
  const special = specialCases.get(word);
  if (special) return special;
  if (url.test(word)) return [plainToken(word)];
  const tokens: Token[] = [];
  let start = 0;
  for (const { 0: found, index } of word.matchAll(infix)) {
    if (index === 0) continue; // would be a prefix, which this is not
    if (index > start) tokens.push(plainToken(word.slice(start, index)));
    tokens.push(plainToken(found));
    start = index + found.length;
  }
  if (start < word.length) tokens.push(plainToken(word.slice(start)));
  return tokens;
}
