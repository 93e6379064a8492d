import type { Box } from "../../graph/scene-graph.ts";

const f32 = Math.fround;

/**
 * IoU as the release takes it for R@K: in whole pixels, both ends included, in single precision.
 *
 * A box from 0 to 9 is 10 pixels wide here, so that small boxes overlap more: 0.497 becomes 0.502.
 * Every step is rounded to float32, since a value at the threshold decides a hit.
 *
 * Unit:   pixels; it is the only overlap here that changes with the scale of the boxes
 * Range:  NaN when a box holds one; negative areas of swapped corners stay
 * Errors: none
 * Source: R1-SGG e4de64d `src/utils/sgg_eval.py` through `boxlist_iou`: PyTorch tensors of float32
 *
 * @example
 * pixelIou([0, 0, 9, 9], [0, 0, 4, 9]); // 0.5: 50 of 100 pixels
 */
export function pixelIou(a: Box, b: Box): number {
  const [ax1, ay1, ax2, ay2] = a.map(f32) as unknown as Box;
  const [bx1, by1, bx2, by2] = b.map(f32) as unknown as Box;
  const width = Math.max(0, side(Math.max(ax1, bx1), Math.min(ax2, bx2)));
  const height = Math.max(0, side(Math.max(ay1, by1), Math.min(ay2, by2)));
  const overlap = f32(width * height);
  const areas = f32(f32(side(ax1, ax2) * side(ay1, ay2)) + f32(side(bx1, bx2) * side(by1, by2)));
  return f32(overlap / f32(areas - overlap));
}

const side = (from: number, to: number): number => f32(f32(to - from) + 1);
