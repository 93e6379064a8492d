import { type Recent, recent } from "../core/recent.ts";
import { SggError } from "../errors.ts";
import { request } from "../infer/http.ts";
import type { SimilarityProvider, TermPair } from "./provider.ts";

/** How a similarity server is asked; everything has a default. */
export interface HttpSimilarityOptions {
  /** For one batch. */
  readonly timeoutMs?: number;
  /** Tries in all, of each batch. */
  readonly tries?: number;
  /** The wait after the first failure; doubles each time. */
  readonly backoffMs?: number;
  /** Pairs in one request. */
  readonly batch?: number;
  /** How many answers are kept; at most half as many pairs can be prepared at once. */
  readonly capacity?: number;
  /** Told of every try that failed and will be made again. */
  readonly say?: (text: string) => void;
}

/**
 * Similarity by a server of the user's, which is asked before scoring and in batches.
 *
 * `POST url` with `{"pairs":[["man","person"],…]}` is answered by `{"similarities":[0.81,…]}`: one
 * finite number a pair, in the same order. Equal terms are 1 and not asked about; a pair is asked
 * about in one order only and its answer kept, so the server must answer the same for both orders
 * and at any time.
 *
 * Errors: preparing ends with SggError LAUNCH when the server cannot be reached, or refuses, or
 *   answers something else, after all tries; asking for a pair that was not prepared is RangeError
 */
export function httpSimilarity(
  url: string,
  { batch = 512, capacity = 400_000, ...options }: HttpSimilarityOptions = {},
): SimilarityProvider {
  const answers = recent<number>(capacity);
  const ask = (pairs: readonly TermPair[], signal?: AbortSignal): Promise<readonly number[]> =>
    request(url, { pairs }, (text) => readSimilarities(text, pairs.length), {
      timeoutMs: 10_000,
      tries: 3,
      ...options,
      ...(signal && { signal }),
    });
  return {
    name: url,
    identity: `answers of ${url}`,
    similarity: (a, b) => (a === b ? 1 : prepared(answers, a, b)),
    async prepare(pairs, signal) {
      const wanted = unlikePairs(pairs);
      if (wanted.size > capacity / 2) throw tooMany(url, wanted.size, capacity / 2);
      const missing = [...wanted.keys()].filter((key) => answers.get(key) === undefined);
      const found = new Map([...wanted.keys()].map((key) => [key, answers.get(key)]));
      for (let start = 0; start < missing.length; start += batch) {
        const keys = missing.slice(start, start + batch);
        const similarities = await ask(
          keys.map((key) => wanted.get(key)!),
          signal,
        );
        for (const [i, key] of keys.entries()) found.set(key, similarities[i]);
      }
      // All at once and at the end: what others asked for meanwhile can push none of them out.
      for (const [key, similarity] of found) answers.set(key, similarity!);
    },
  };
}

/** One text for both orders of a pair; the length keeps ("a", "bc") and ("ab", "c") apart. */
const keyOf = (a: string, b: string): string =>
  a < b ? `${a.length} ${a}${b}` : `${b.length} ${b}${a}`;

const unlikePairs = (pairs: Iterable<TermPair>): ReadonlyMap<string, TermPair> =>
  new Map([...pairs].filter(([a, b]) => a !== b).map(([a, b]) => [keyOf(a, b), [a, b]] as const));

function prepared(answers: Recent<number>, a: string, b: string): number {
  const similarity = answers.get(keyOf(a, b));
  if (similarity !== undefined) return similarity;
  throw new RangeError(`similarity of "${a}" and "${b}" was not prepared`);
}

/** Errors: SyntaxError, after which the server is asked again. */
function readSimilarities(text: string, count: number): readonly number[] {
  const body = JSON.parse(text) as { readonly similarities?: unknown } | null;
  const similarities = body?.similarities;
  const wanted = `expected {"similarities":[…]} with ${count} finite numbers`;
  if (!Array.isArray(similarities)) throw new SyntaxError(`no list of similarities, ${wanted}`);
  const { length } = similarities;
  if (length !== count) throw new SyntaxError(`${length} similarities, ${wanted}`);
  const odd = similarities.find((one) => !Number.isFinite(one));
  if (odd !== undefined) throw new SyntaxError(`${JSON.stringify(odd)} among them, ${wanted}`);
  return similarities;
}

const tooMany = (url: string, count: number, most: number): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot ask "${url}": ${count} pairs of terms at once, expected at most ${most}`,
  );
