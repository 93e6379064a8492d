/** Size of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What an image is resized to: sides that `factor` divides, between so many pixels. */
export interface ResizeLimits {
  /** 28 for Qwen2-VL and Qwen2.5-VL: a patch of 14 pixels, two of which make a token. */
  readonly factor: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** The longer side of an image may be so many times the shorter. */
const mostStretched = 200;

/**
 * The size at which Qwen2-VL and Qwen2.5-VL see an image.
 *
 * Each side goes to the nearest multiple of the factor. Where that makes too many pixels or too few,
 * both sides are scaled by one ratio first, then rounded down or up.
 *
 * Unit:   pixels.
 * Range:  multiples of the factor; at least one factor a side, except that a side below half a
 *         factor may come to 0 where `minPixels` is 0.
 * Errors: RangeError for an image more than 200 times as long as wide, as in the processor.
 * Source: transformers 5.17 `qwen2_vl/image_processing_qwen2_vl.py` `smart_resize`; Python's `round`
 *         goes to the even neighbour at a half
 *
 * @example
 * smartResize({ width: 800, height: 600 }, { factor: 28, minPixels: 3136, maxPixels: 401408 });
 * // { width: 728, height: 532 }: 812 × 588 would be too many
 */
export function smartResize(
  { width, height }: ImageSize,
  { factor, minPixels, maxPixels }: ResizeLimits,
): ImageSize {
  const stretched = Math.max(width, height) / Math.min(width, height);
  if (stretched > mostStretched)
    throw new RangeError(
      `an image ${width} x ${height}, more than ${mostStretched} times as long as wide`,
    );
  const each = (round: (side: number) => number): ImageSize => ({
    width: round(width) * factor,
    height: round(height) * factor,
  });
  const nearest = each((side) => roundHalfToEven(side / factor));
  const pixels = nearest.width * nearest.height;
  if (pixels > maxPixels) {
    const ratio = Math.sqrt((height * width) / maxPixels);
    return each((side) => Math.max(1, Math.floor(side / ratio / factor)));
  }
  if (pixels < minPixels) {
    const ratio = Math.sqrt(minPixels / (height * width));
    return each((side) => Math.ceil((side * ratio) / factor));
  }
  return nearest;
}

/**
 * The tokens that an image takes: one for each square of the factor in the resized image.
 *
 * Unit:   pixels.
 * Range:  whole numbers from 1.
 * Errors: those of {@link smartResize}.
 * Source: `image_grid_thw` of Qwen2-VL's processor, divided by the square of `merge_size`
 *
 * @example
 * imageTokens({ width: 800, height: 600 }, { factor: 28, minPixels: 3136, maxPixels: 401408 }); // 494
 */
export function imageTokens(size: ImageSize, limits: ResizeLimits): number {
  const { width, height } = smartResize(size, limits);
  return (width / limits.factor) * (height / limits.factor);
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
