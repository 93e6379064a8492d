import type { Similarity } from "../../src/core/similarity/similarity.ts";
import type { RewardOracle } from "./reward-oracle.ts";

/**
 * spaCy's similarity of these terms, of which Python made the vectors.
 *
 * Range:  as spaCy's: 1 for equal tokens, 0 beside an empty text, else the cosine
 * Errors: TypeError for another term
 */
export async function oracleSimilarity(
  oracle: RewardOracle,
  terms: readonly string[],
): Promise<Similarity> {
  const documents = await oracle.documents(terms);
  const known = new Map(terms.map((term, i) => [term, documents[i]!]));
  return (a, b) => {
    const [tokens, vector, norm] = known.get(a)!;
    const [otherTokens, otherVector, otherNorm] = known.get(b)!;
    if (tokens.length === otherTokens.length && tokens.every((one, i) => one === otherTokens[i])) {
      return 1;
    }
    if (norm === 0 || otherNorm === 0) return 0;
    const dot = vector.reduce((sum, value, i) => sum + value * otherVector[i]!, 0);
    return Math.fround(dot / (norm * otherNorm));
  };
}
