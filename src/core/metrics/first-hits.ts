import { iou } from "../geometry/iou.ts";
import type { NamedBox, Triplet } from "./scene.ts";

/** Overlap from which two boxes count as the same object. Source: Xu et al., CVPR 2017, SGDET. */
const sameBox = 0.5;

/**
 * For every true triplet the rank of the first predicted one that hits it, or Infinity for a miss.
 *
 * A hit has the three names equal and an IoU of at least 0.5 for subject and for object. One
 * prediction may hit several true triplets; a true triplet counts once, at its first hit, so that a
 * repeated prediction gains nothing. Recall of the first K is the share of ranks below K.
 *
 * Shape:  one rank for each entry of `truth`; ranks count from 0, in the order predicted.
 * Unit:   boxes of both sides in the same unit.
 * Errors: none; a box with NaN, or with its corners swapped, overlaps nothing.
 * Source: Xu et al., CVPR 2017; KaihuaTang's METRICS.md. Parity: R1-SGG e4de64d counts hits so too, but
 *         with IoU of pixels (+1); this one is plain.
 */
export function firstHits(truth: readonly Triplet[], predicted: readonly Triplet[]): number[] {
  const ranks = truth.map(() => Number.POSITIVE_INFINITY);
  for (const [rank, triplet] of predicted.entries())
    for (const [i, wanted] of truth.entries())
      if (rank < ranks[i]! && hits(triplet, wanted)) ranks[i] = rank;
  return ranks;
}

/** True when a predicted triplet finds a true one: names equal, both boxes at IoU 0.5 or more. */
export const hits = (predicted: Triplet, wanted: Triplet): boolean =>
  predicted.predicate === wanted.predicate &&
  isSame(predicted.subject, wanted.subject) &&
  isSame(predicted.object, wanted.object);

const isSame = (a: NamedBox, b: NamedBox): boolean =>
  a.name === b.name && iou(a.box, b.box) >= sameBox;

/**
 * The triplets under the graph constraint: of each ordered pair of objects only the first.
 *
 * Without scores the order of the answer is the ranking, so the first is the best. Pairs are pairs of
 * predicted objects, not of classes: two persons on one bench are two pairs.
 *
 * Shape:  a part of `triplets`, order kept.
 * Errors: none.
 * Source: Zellers et al., CVPR 2018, "with graph constraint". R1-SGG e4de64d does not enforce it.
 */
export function constrained(triplets: readonly Triplet[]): Triplet[] {
  const seen = new Map<NamedBox, Set<NamedBox>>();
  return triplets.filter(({ subject, object }) => {
    const objects = seen.get(subject) ?? new Set();
    seen.set(subject, objects);
    if (objects.has(object)) return false;
    objects.add(object);
    return true;
  });
}
