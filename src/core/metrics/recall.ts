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
  const most = relations.image.length;
  const [image, group, of] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  const found = limits.map(() => new Int32Array(most));
  const ranks = relations[key];
  let length = 0;
  let first = 0; // of the entries of the image at hand
  for (let i = 0; i < most; i += 1) {
    if (onlyUnseen && !relations.isUnseen[i]) continue;
    const at = relations.image[i]!;
    if (images && !images[at]) continue;
    if (length === 0 || image[first] !== at) first = length;
    const name = by === "predicate" ? relations.predicate[i]! : 0;
    let entry = first;
    while (entry < length && group[entry] !== name) entry += 1;
    if (entry === length) {
      image[entry] = at;
      group[entry] = name;
      length += 1;
    }
    of[entry]! += 1;
    for (let limit = 0; limit < bounds.length; limit += 1)
      if (ranks[i]! < bounds[limit]!) found[limit]![entry]! += 1;
  }
  const percent = (limit: number) => percentOf(found[limit]!, of, length);
  return {
    image: image.slice(0, length),
    group: group.slice(0, length),
    of: of.slice(0, length),
    found: found[3]!.slice(0, length),
    at: { "20": percent(0), "50": percent(1), "100": percent(2), all: percent(3) },
  };
}

/** The limits in the order of `bounds`: a rank below the bound is within the limit. */
const limits: readonly Limit[] = [...cutoffs, "all"];
const bounds: readonly number[] = [20, 50, 100, Number.POSITIVE_INFINITY];

function percentOf(found: Int32Array, of: Int32Array, length: number): Float64Array {
  const percent = new Float64Array(length);
  for (let i = 0; i < length; i += 1) percent[i] = (100 * found[i]!) / of[i]!;
  return percent;
}

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
