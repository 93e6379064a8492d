import { type BootstrapOptions, type Intervals, intervalsOf, resamples } from "./bootstrap.ts";
import { type Figures, figuresOf, type Prepared } from "./figures.ts";
import { imageFigures } from "./per-image.ts";
import { type AtCutoffs, atCutoffs } from "./recall.ts";

/** One image as both sides see it: R@50 in percent, null where a side does not count it. */
export interface ImageDifference {
  readonly image_id: string;
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number;
}

/** Two sets of answers to the same images, held against each other. */
export interface Comparison extends BootstrapOptions {
  readonly level: 95;
  readonly images: number;
  readonly a: Figures;
  readonly b: Figures;
  /** B less A, and the interval of that; null where a side lacks the figure. */
  readonly difference: Figures;
  readonly interval: Intervals;
  /** Where R@50 differs, most first; equal ones in the dataset's order. */
  readonly by_image: readonly ImageDifference[];
}

/**
 * How much better B is than A, figure by figure, with a paired bootstrap over images.
 *
 * Paired: each sample draws the same images for both, so that easy and hard images cancel out and
 * the interval is that of the difference. One that leaves out 0 is a difference beyond the choice
 * of images.
 *
 * Shape:  both tallies are of the same images in the same order; `top` bounds `by_image`
 * Unit:   percentage points
 * Errors: RangeError when the images differ
 */
export function compare(
  a: Prepared,
  b: Prepared,
  options: BootstrapOptions,
  top: number,
): Comparison {
  const { imageIds } = a.tally;
  if (
    imageIds.length !== b.tally.imageIds.length ||
    imageIds.some((id, i) => id !== b.tally.imageIds[i])
  )
    throw new RangeError("Cannot compare two tallies: their images differ, expected the same ones");
  const [ofA, ofB] = [figuresOf(a), figuresOf(b)];
  const drawn = Array.from(resamples(imageIds.length, options), (weights) =>
    lessOf(figuresOf(a, weights), figuresOf(b, weights)),
  );
  const difference = lessOf(ofA, ofB);
  return {
    level: 95,
    ...options,
    images: imageIds.length,
    a: ofA,
    b: ofB,
    difference,
    interval: intervalsOf(difference, drawn, [-100, 100]),
    by_image: imageDifferences(a, b).slice(0, top),
  };
}

/** B less A. */
function lessOf(a: Figures, b: Figures): Figures {
  const less = (x: number | null, y: number | null) => (x === null || y === null ? null : y - x);
  const each = (x: AtCutoffs, y: AtCutoffs) => atCutoffs((limit) => less(x[limit], y[limit]));
  return {
    failure_rate: less(a.failure_rate, b.failure_rate),
    ap50: less(a.ap50, b.ap50),
    recall: each(a.recall, b.recall),
    mean_recall: each(a.mean_recall, b.mean_recall),
    zero_shot_recall:
      a.zero_shot_recall && b.zero_shot_recall && each(a.zero_shot_recall, b.zero_shot_recall),
    micro_recall: less(a.micro_recall, b.micro_recall),
    per_image_recall: less(a.per_image_recall, b.per_image_recall),
  };
}

function imageDifferences(a: Prepared, b: Prepared): ImageDifference[] {
  const others = imageFigures(b.tally);
  return [...imageFigures(a.tally)]
    .map((one): ImageDifference => {
      const other = others.next().value!;
      const [x, y] = [one.recall?.["50"] ?? null, other.recall?.["50"] ?? null];
      return { image_id: one.image_id, a: x, b: y, difference: (y ?? 0) - (x ?? 0) };
    })
    .filter(({ difference }) => difference !== 0)
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}
