import type { Similarity } from "../core/similarity/similarity.ts";
import { SggError } from "../errors.ts";
import { HttpFault } from "./http-fault.ts";
import type { SimilarityProvider } from "./similarity.ts";

/**
 * Scores with a similarity that must be asked for elsewhere beforehand.
 *
 * Which pairs matter shows only while scoring: objects are compared to match them, and predicates of
 * what was matched. So the work is done until it asks for no pair that was not prepared, three times
 * as a rule; before that its result is thrown away.
 *
 * Errors: HttpFault 503 when the similarities cannot be had: this is never a 0
 */
export async function withPreparedPairs<T>(
  { similarity, prepare }: Required<Pick<SimilarityProvider, "similarity" | "prepare">>,
  work: (similarity: Similarity) => Promise<T>,
): Promise<T> {
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
    await prepare(pairs.values()).catch(notNow);
  }
}

function notNow(cause: unknown): never {
  if (!(cause instanceof SggError)) throw cause;
  throw new HttpFault(503, `Cannot score the request now: ${cause.message}`, { cause });
}
