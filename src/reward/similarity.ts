import { exactSimilarity, type Similarity } from "../core/similarity/similarity.ts";
import { SggError } from "../errors.ts";

/** Where word similarity comes from; one that must ask elsewhere does so in `prepare`. */
export interface SimilarityProvider {
  readonly name: string;
  /** What its numbers depend on. */
  readonly identity: string;
  readonly similarity: Similarity;
  readonly prepare?: (pairs: Iterable<readonly [string, string]>) => Promise<void>;
  readonly warm?: (terms: Iterable<string>) => void;
}

/** The provider that `--similarity` names. */
export async function similarityProvider(choice: string): Promise<SimilarityProvider> {
  if (choice === "exact") {
    return { name: "exact", identity: "equal terms", similarity: exactSimilarity };
  }
  throw new SggError("USAGE", `Cannot use the similarity "${choice}": expected exact`);
}
