import type { Box } from "../graph/scene-graph.ts";
import { overlapOf } from "./iou.ts";

/**
 * Generalised intersection over union of two boxes, as the reference computes it.
 *
 * Unlike IoU it still tells near from far when boxes do not touch, so the matching cost uses it.
 * Areas are signed, as in `iou`, and so is that of the enclosing box.
 *
 * Shape:  `a`, `b` are `[x1, y1, x2, y2]`
 * Unit:   any, the same for both
 * Range:  (-1, 1] for boxes with x1 <= x2 and y1 <= y2; 0 when the union is 0; NaN when a number
 *   is missing or the enclosing box has no area, where Python divides by zero
 * Errors: none
 * Source: Rezatofighi et al., CVPR 2019, algorithm 1; parity: R1-SGG e4de64d `compute_giou`
 *
 * @example
 * giou([0, 0, 2, 2], [1, 0, 3, 2]); // 1/3: they share 2 of 6, and the enclosing box adds nothing
 * giou([0, 0, 1, 1], [2, 0, 3, 1]); // -1/3
 */
export function giou(a: Box, b: Box): number {
  const { overlap, union } = overlapOf(a, b);
  if (union === 0) return 0;
  const hull =
    (Math.max(a[2], b[2]) - Math.min(a[0], b[0])) * (Math.max(a[3], b[3]) - Math.min(a[1], b[1]));
  return hull === 0 ? Number.NaN : overlap / union - (hull - union) / hull;
}
