import { category } from "../graph/names.ts";
import { OverLimit } from "../limits.ts";

/**
 * How alike two terms are, as one number: 1 for the same, about 0 for strangers; may be negative.
 *
 * Terms are what `term` makes of ids, names and predicates. Symmetric, and finite for every text
 * that is Unicode; a lone surrogate, which spaCy cannot encode, is NaN to the scorer.
 */
export type Similarity = (a: string, b: string) => number;

/**
 * What similarity is asked about: the text before the first dot, in lower case.
 *
 * Source: R1-SGG e4de64d `category_semantic_similarity`
 *
 * @example
 * term("Traffic Light.2"); // "traffic light"
 */
export const term = (id: string): string => category(id).toLowerCase();

/**
 * The similarity that knows equal terms only: 1 or 0.
 *
 * @example
 * exactSimilarity("man", "person"); // 0
 */
export const exactSimilarity: Similarity = (a, b) => (a === b ? 1 : 0);

const mostWords = 512;
const mostCharacters = 16_384;

/**
 * Why a name is too long to be compared by meaning, or `undefined`; those of data sets have 5 words.
 *
 * A model of words takes half a millisecond a word and cannot be stopped in the middle of a name: one
 * of 120,000 words took over a minute. Whatever is no letter or digit counts as a word.
 */
export function nameFault(name: string): string | undefined {
  if (name.length <= mostWords) return undefined;
  if (name.length > mostCharacters) {
    return `a name of ${name.length} characters, at most ${mostCharacters}`;
  }
  const words = name.match(/[^\p{L}\p{N}]/gu)?.length ?? 0;
  return words > mostWords ? `a name of ${words} words, at most ${mostWords}` : undefined;
}

/**
 * A similarity that is NaN for a text that is no Unicode, which spaCy cannot encode.
 *
 * Errors: OverLimit for two different names of which one is too long to be compared
 */
export const amongUnicode =
  (similarity: Similarity): Similarity =>
  (a, b) => {
    const fault = a === b ? undefined : (nameFault(a) ?? nameFault(b));
    if (fault !== undefined) throw new OverLimit(fault);
    return a.isWellFormed() && b.isWellFormed() ? similarity(a, b) : Number.NaN;
  };
