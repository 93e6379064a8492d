import type { Weights } from "./average-precision.ts";
import type { RelationTally } from "./tally.ts";

/** The numbers of predictions an image that recall is given for. Source: R1-SGG v1, Table 3. */
export const cutoffs = ["20", "50", "100"] as const;

/** A number of predictions an image that recall is given for. */
export type Cutoff = (typeof cutoffs)[number];

/** A figure in percent for each cut-off; null where nothing was there to be found. */
export type AtCutoffs = Readonly<Record<Cutoff, number | null>>;

/** A cut-off, or all predictions. */
export type Limit = Cutoff | "all";

/** Which true relations count, and how they are put together. */
export interface ShareOptions {
  /** By which of the two rankings a relation is found. */
  readonly rank: "rank" | "otherRank";
  /** One share for all relations of an image, or one for each predicate of it. */
  readonly by: "image" | "predicate";
  readonly onlyUnseen?: boolean;
  /** Images that count; all when absent. */
  readonly images?: readonly boolean[];
}

/** Shares of true relations found, in percent: one entry for each image, or image and predicate. */
export interface Shares {
  readonly image: Int32Array;
  /** Place of the predicate; 0 throughout for shares by image. */
  readonly group: Int32Array;
  /** How many relations the share is of, and how many any prediction found. */
  readonly of: Int32Array;
  readonly found: Int32Array;
  readonly at: Readonly<Record<Limit, Float64Array>>;
}

/**
 * Share of the true relations found among the first K: of each image, or of each predicate in it.
 *
 * Shape:  images in order; those without relations that count have no entry.
 * Range:  [0, 100], percent.
 * Errors: none.
 */
export function sharesOf(relations: RelationTally, options: ShareOptions): Shares {
  const { rank: key, by, onlyUnseen = false, images } = options;
  const [image, group, of]: [number[], number[], number[]] = [[], [], []];
  const found: Record<Limit, number[]> = { "20": [], "50": [], "100": [], all: [] };
  let first = 0; // of the entries of the image at hand
  for (let i = 0; i < relations.image.length; i += 1) {
    if (onlyUnseen && !relations.isUnseen[i]) continue;
    const at = relations.image[i]!;
    if (images && !images[at]) continue;
    if (image[first] !== at) first = image.length;
    const name = by === "predicate" ? relations.predicate[i]! : 0;
    let entry = first;
    while (entry < image.length && group[entry] !== name) entry += 1;
    if (entry === image.length) {
      image.push(at);
      group.push(name);
      of.push(0);
      for (const limit of limits) found[limit].push(0);
    }
    const rank = relations[key][i]!;
    of[entry]! += 1;
    if (rank < 20) found["20"][entry]! += 1;
    if (rank < 50) found["50"][entry]! += 1;
    if (rank < 100) found["100"][entry]! += 1;
    if (rank < Number.POSITIVE_INFINITY) found.all[entry]! += 1;
  }
  return {
    image: Int32Array.from(image),
    group: Int32Array.from(group),
    of: Int32Array.from(of),
    found: Int32Array.from(found.all),
    at: {
      "20": percentOf(found["20"], of),
      "50": percentOf(found["50"], of),
      "100": percentOf(found["100"], of),
      all: percentOf(found.all, of),
    },
  };
}

function percentOf(found: readonly number[], of: readonly number[]): Float64Array {
  const percent = new Float64Array(of.length);
  for (let i = 0; i < of.length; i += 1) percent[i] = (100 * found[i]!) / of[i]!;
  return percent;
}

const limits: readonly Limit[] = [...cutoffs, "all"];

/**
 * Mean of the shares, each entry counting the same: R@K when they are by image.
 *
 * Range:  [0, 100]; null when there is none, or none in the sample.
 * Errors: none.
 * Source: Xu et al., CVPR 2017, R@K
 */
export function meanShare(shares: Shares, limit: Limit, weights?: Weights): number | null {
  const { image } = shares;
  const values = shares.at[limit];
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const weight = weights ? weights[image[i]!]! : 1;
    sum += weight * values[i]!;
    count += weight;
  }
  return count === 0 ? null : sum / count;
}

/**
 * Mean of the shares of each predicate over the images that have it: the parts of mR@K.
 *
 * Shape:  one entry for each of `groups`, null where no image has it.
 * Errors: none.
 * Source: Chen et al. and Tang et al., CVPR 2019
 */
export function groupMeans(
  { image, group, at }: Shares,
  groups: number,
  limit: Limit,
  weights?: Weights,
): (number | null)[] {
  const sums = new Float64Array(groups);
  const counts = new Float64Array(groups);
  const values = at[limit];
  for (let i = 0; i < values.length; i += 1) {
    const weight = weights ? weights[image[i]!]! : 1;
    sums[group[i]!]! += weight * values[i]!;
    counts[group[i]!]! += weight;
  }
  return Array.from(sums, (sum, i) => (counts[i] === 0 ? null : sum / counts[i]!));
}

/**
 * Share of all relations that any prediction found, whatever image they are in: the micro recall.
 *
 * Range:  [0, 100]; null when there is none.
 * Errors: none.
 */
export function microShare({ image, of, found }: Shares, weights?: Weights): number | null {
  let hits = 0;
  let all = 0;
  for (let i = 0; i < of.length; i += 1) {
    const weight = weights ? weights[image[i]!]! : 1;
    hits += weight * found[i]!;
    all += weight * of[i]!;
  }
  return all === 0 ? null : (100 * hits) / all;
}

/** The figure of each cut-off. Errors: those of `figure`. */
export const atCutoffs = (figure: (limit: Cutoff) => number | null): AtCutoffs => ({
  "20": figure("20"),
  "50": figure("50"),
  "100": figure("100"),
});

/** Mean of what is there; null when nothing is. Errors: none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  return there.length > 0 ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
}
