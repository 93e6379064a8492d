import type { Similarity } from "../core/similarity/similarity.ts";
import type { SimilarityProvider } from "../similarity/provider.ts";

/**
 * Works with the similarity of a provider, which may have to be asked for elsewhere beforehand.
 *
 * Which pairs matter shows only while scoring: objects are compared to match them, and predicates of
 * what was matched. So the work is done until it asks for no pair that was not prepared, three times
 * as a rule; before that its result is thrown away.
 *
 * Errors: those of the provider's `prepare` and of the work
 */
export async function withSimilarity<T>(
  { similarity, prepare }: Pick<SimilarityProvider, "similarity" | "prepare">,
  work: (similarity: Similarity) => T | Promise<T>,
): Promise<T> {
  if (!prepare) return work(similarity);
  const pairs = new Map<string, readonly [string, string]>();
  for (;;) {
    const known = pairs.size;
    const prepared = new Set(pairs.keys());
    const result = await work((a, b) => {
      const key = JSON.stringify([a, b]);
      if (prepared.has(key)) return similarity(a, b);
      pairs.set(key, [a, b]);
      return 0;
    });
    if (pairs.size === known) return result;
    await prepare(pairs.values());
  }
}
