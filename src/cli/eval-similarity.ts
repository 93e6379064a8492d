import type { Similarity } from "../core/similarity/similarity.ts";
import { SggError } from "../errors.ts";

/** The similarity of `--match-names similarity`. */
export async function loadSimilarity(): Promise<Similarity> {
  throw new SggError(
    "USAGE",
    'Cannot evaluate with "--match-names similarity": this version does not have it yet, expected exact',
  );
}
