import type { Box } from "../../graph/scene-graph.ts";

/**
 * IoU as COCO computes it, on boxes that are kept as corner, width and height.
 *
 * It differs from `iou` where boxes are odd: of a NaN and a number the number is taken, so that a box
 * with a NaN gets as far as the division, and its overlap of NaN passes every threshold.
 *
 * Range:  [0, 1], or NaN
 * Errors: none
 * Source: pycocotools 2.0.8 `maskApi.c`, `bbIou`, which takes C's `fmin` and `fmax`
 *
 * @example
 * cocoOverlap([Number.NaN, 0, 2, 2], [0, 0, 2, 2]); // NaN, which COCO counts as a match
 */
export function cocoOverlap(a: Box, b: Box): number {
  const [ax, ay, aw, ah] = cornerAndSize(a);
  const [bx, by, bw, bh] = cornerAndSize(b);
  const width = fmin(aw + ax, bw + bx) - fmax(ax, bx);
  if (width <= 0) return 0;
  const height = fmin(ah + ay, bh + by) - fmax(ay, by);
  if (height <= 0) return 0;
  const overlap = width * height;
  return overlap / (aw * ah + bw * bh - overlap);
}

const cornerAndSize = ([x1, y1, x2, y2]: Box): Box => [x1, y1, x2 - x1, y2 - y1];

const fmin = (a: number, b: number): number => (Number.isNaN(a) ? b : b < a ? b : a);
const fmax = (a: number, b: number): number => (Number.isNaN(a) ? b : b > a ? b : a);
