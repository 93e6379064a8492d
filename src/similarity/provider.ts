import type { Similarity } from "../core/similarity/similarity.ts";

/** Two terms, in any order. */
export type TermPair = readonly [a: string, b: string];

/** Where a run's word similarity comes from. */
export interface SimilarityProvider {
  /** As `--similarity` names it. */
  readonly name: string;
  /** What its numbers depend on: equal identities give equal numbers, as far as we can know. */
  readonly identity: string;
  readonly similarity: Similarity;
  /**
   * To be awaited before `similarity` is asked about these pairs, which follows at once; absent where
   * it can be asked about anything.
   *
   * Errors: SggError LAUNCH when the numbers cannot be had; the reason of `signal`
   */
  readonly prepare?: (pairs: Iterable<TermPair>, signal?: AbortSignal) => Promise<void>;
  /** Reads terms that will be asked about; absent where that saves nothing. */
  readonly warm?: (terms: Iterable<string>) => void;
}
