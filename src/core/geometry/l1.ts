import type { Box } from "../graph/scene-graph.ts";

/**
 * Sum of the absolute differences of two boxes' four coordinates.
 *
 * Unit:   that of the boxes; the rewards take it in 0..1
 * Range:  [0, 4] for boxes inside the image in 0..1; NaN when a box holds a NaN
 * Errors: none
 * Source: R1-SGG e4de64d, the L1 part of the matching cost and of `node_box_reward`
 *
 * @example
 * l1([0, 0, 1, 1], [0.5, 0, 1, 0.75]); // 0.75
 */
export const l1 = (a: Box, b: Box): number =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) + Math.abs(a[3] - b[3]);
