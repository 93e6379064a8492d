import type { Box } from "../graph/scene-graph.ts";

/**
 * Intersection over union of two boxes, as the reference computes it.
 *
 * Areas are signed and nothing is clamped or sorted, so a box with one axis inverted has a
 * negative area. Python's `max` and `min` treat a NaN differently, which does not show in the end:
 * the area of a box that holds one is NaN, and so are the union and the result.
 *
 * Shape:  `a`, `b` are `[x1, y1, x2, y2]`
 * Unit:   any, the same for both
 * Range:  [0, 1] for boxes with x1 <= x2 and y1 <= y2; 0 when the union is 0; NaN when a box holds
 *   a NaN, and the caller decides what that means
 * Errors: none
 * Source: R1-SGG e4de64d `compute_iou`
 *
 * @example
 * iou([0, 0, 2, 2], [1, 0, 3, 2]); // 1/3
 */
export function iou(a: Box, b: Box): number {
  const { overlap, union } = overlapOf(a, b);
  return union === 0 ? 0 : overlap / union;
}

/** Areas that two boxes share and cover; the union may be 0 or negative for inverted boxes. */
export function overlapOf(a: Box, b: Box): { readonly overlap: number; readonly union: number } {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const overlap = width * height;
  return { overlap, union: signedArea(a) + signedArea(b) - overlap };
}

/**
 * Width times height; negative when one axis is inverted.
 *
 * @example
 * signedArea([2, 0, 0, 1]); // -2
 */
export const signedArea = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);
