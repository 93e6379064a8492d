import { exactSimilarity, type Similarity } from "../core/similarity/similarity.ts";

/** A source of similarity; one that must ask elsewhere does so in `prepare`. */
export interface SimilarityProvider {
  readonly name: string;
  readonly similarity: Similarity;
  readonly prepare?: (pairs: readonly (readonly [string, string])[]) => Promise<void>;
  readonly warm?: (terms: readonly string[]) => void;
}

/** The provider that `--similarity` names. */
export async function loadSimilarity(name: string): Promise<SimilarityProvider> {
  if (name === "exact") return { name, similarity: exactSimilarity };
  throw new RangeError(`no similarity "${name}", expected exact`);
}
