import { iou } from "../geometry/iou.ts";
import type { Box } from "../graph/scene-graph.ts";
import type { NamedBox, Triplet } from "./scene.ts";

/** How much two boxes overlap, 1 for the same; NaN for a broken one, which then overlaps nothing. */
export type Overlap = (predicted: Box, wanted: Box) => number;

/** Overlap from which two boxes count as the same object. Source: Xu et al., CVPR 2017, SGDET. */
export const sameBoxOverlap = 0.5;

/**
 * For every true triplet the rank of the first predicted one that hits it, or Infinity for a miss.
 *
 * A hit has the three names equal and an overlap of at least 0.5 for subject and for object; overlap
 * is IoU unless said otherwise. One prediction may hit several true triplets; a true triplet counts once, at its
 * first hit, so that a repeated prediction gains nothing. Recall of the first K is the share of
 * ranks below K.
 *
 * Shape:  one rank for each entry of `truth`; ranks count from 0, in the order predicted.
 * Unit:   boxes of both sides in the same unit.
 * Errors: none.
 * Source: Xu et al., CVPR 2017; KaihuaTang's METRICS.md. Parity: R1-SGG e4de64d counts hits so too, but
 *         with IoU of pixels (+1), see release/pixel-iou.ts.
 */
export function firstHits(
  truth: readonly Triplet[],
  predicted: readonly Triplet[],
  overlap: Overlap = iou,
): number[] {
  return truth.map((wanted) => {
    const rank = predicted.findIndex((triplet) => hits(triplet, wanted, overlap));
    return rank < 0 ? Number.POSITIVE_INFINITY : rank;
  });
}

/** True when a predicted triplet finds a true one: names equal, both overlaps at least 0.5. */
export const hits = (predicted: Triplet, wanted: Triplet, overlap: Overlap = iou): boolean =>
  predicted.predicate === wanted.predicate &&
  predicted.subject.name === wanted.subject.name &&
  predicted.object.name === wanted.object.name &&
  overlap(predicted.subject.box, wanted.subject.box) >= sameBoxOverlap &&
  overlap(predicted.object.box, wanted.object.box) >= sameBoxOverlap;

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
