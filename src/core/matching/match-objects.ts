import { l1 } from "../geometry/l1.ts";
import type { Box, SceneObject } from "../graph/scene-graph.ts";
import type { IsOver } from "../limits.ts";
import { type Similarity, term } from "../similarity/similarity.ts";
import { leastCostPairs, type Pair } from "./pairs.ts";
import type { Solver } from "./solver.ts";
import { termTable } from "./term-table.ts";

/** Overlap of two boxes: `giou` in the released code, `iou` in the paper's text. */
export type Overlap = (a: Box, b: Box) => number;

/** What matching needs besides the objects. */
export interface Matcher {
  readonly similarity: Similarity;
  readonly overlap: Overlap;
  readonly solver: Solver;
  readonly isOver: IsOver;
}

/** What it costs to take one object for another: the three measures, their terms, and the sum. */
export interface Cost {
  /** Of the names. */
  readonly similarity: number;
  /** Of the boxes. */
  readonly overlap: number;
  /** Of the boxes in 0..1. */
  readonly l1: number;
  /** What each of them adds to the total. */
  readonly terms: {
    readonly similarity: number;
    readonly overlap: number;
    readonly l1: number;
  };
  readonly total: number;
}

/**
 * The cost of a pair: (1 − similarity) + 2 · (1 − overlap) + 5 · L1.
 *
 * Source: paper Eq. 3 with λ = 1, 2, 5; R1-SGG e4de64d `SEM_WEIGHT`, `IOU_WEIGHT`, `BOX_L1_WEIGHT`
 */
export const matchCost = (similarity: number, overlap: number, distance: number): Cost => ({
  similarity,
  overlap,
  l1: distance,
  terms: { similarity: 1 - similarity, overlap: 2 * (1 - overlap), l1: 5 * distance },
  total: totalCost(similarity, overlap, distance),
});

const totalCost = (similarity: number, overlap: number, distance: number): number =>
  1 - similarity + 2 * (1 - overlap) + 5 * distance;

/**
 * Which predicted object stands for which target: the pairs of least total cost.
 *
 * Unit:   boxes in 0..1
 * Range:  `undefined` where a cost is no number: one NaN box spoils the whole matching, as it does
 *   in the reference
 * Errors: OverLimit when the time is up, or the solver does not take so many
 * Source: paper Eq. 3; R1-SGG e4de64d `bi_match`
 */
export function matchObjects(
  predicted: readonly SceneObject[],
  targets: readonly SceneObject[],
  { similarity, overlap, solver, isOver }: Matcher,
): readonly Pair[] | undefined {
  const alike = termTable(predicted.map(termOf), targets.map(termOf), similarity, isOver);
  const cost = new Float64Array(predicted.length * targets.length);
  let at = 0;
  for (let p = 0; p < predicted.length; p += 1) {
    const box = predicted[p]!.bbox;
    for (let t = 0; t < targets.length; t += 1) {
      const wanted = targets[t]!.bbox;
      cost[at] = totalCost(alike(p, t), overlap(wanted, box), l1(wanted, box));
      at += 1;
    }
  }
  return leastCostPairs(cost, predicted.length, targets.length, solver, isOver);
}

const termOf = ({ id }: SceneObject): string => term(id);
