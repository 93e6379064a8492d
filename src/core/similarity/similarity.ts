import { category } from "../graph/names.ts";

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

/** A similarity that is NaN for a text that is no Unicode, which spaCy cannot encode. */
export const amongUnicode =
  (similarity: Similarity): Similarity =>
  (a, b) =>
    a.isWellFormed() && b.isWellFormed() ? similarity(a, b) : Number.NaN;
