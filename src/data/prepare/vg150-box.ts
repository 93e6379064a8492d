import type { Box } from "../../core/graph/scene-graph.ts";

/** Whether boxes are rounded to whole pixels, or left as they come out. */
export type BoxForm = "whole" | "exact";

/** The longest side of an image in the coordinates of VG-SGG.h5. */
const longest = 1024;

/**
 * A box of VG-SGG.h5 in the pixels of its image, inside the image.
 *
 * Rounding brings back the annotators' box, less 1 in x and y: Visual Genome counts pixels from 1,
 * the file from 0.
 *
 * Unit: `box` at a longest side of 1024; the result in pixels.
 * Source: `get_groundtruth` of Scene-Graph-Benchmark: `box / 1024 * max(width, height)`. It clips at
 * `width - 1`, OvSGTR, whose authors are those of R1-SGG, at `width`; so do we.
 *
 * @example
 * boxInPixels([537, 115, 639, 549], { width: 800, height: 600 }, "whole"); // [420, 90, 499, 429]
 */
export function boxInPixels(
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
  form: BoxForm,
): Box {
  const place = (value: number, size: number): number => {
    const pixels = (value / longest) * Math.max(width, height);
    return Math.min(Math.max(form === "whole" ? Math.round(pixels) : pixels, 0), size);
  };
  const [x1, y1, x2, y2] = box;
  return [place(x1, width), place(y1, height), place(x2, width), place(y2, height)];
}
