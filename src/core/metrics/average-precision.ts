import { maxDetections, overlapThresholds } from "./detections.ts";
import type { ClassTally } from "./tally.ts";

/** How often each image is in a sample; undefined takes each once. */
export type Weights = ArrayLike<number> | undefined;

/** Which figure of a class is asked for; the defaults are COCO's AP50. */
export interface PrecisionOptions {
  /** Place of the overlap threshold, 0 for 0.5. */
  readonly threshold?: number;
  /** Place of the range of area. */
  readonly area?: number;
  readonly detections?: number;
  readonly weights?: Weights;
}

/** COCO's figures of one class, as shares. */
export interface ClassPrecision {
  readonly precision: number;
  readonly recall: number;
}

/**
 * COCO's AP and recall of one class: 101-point interpolated precision; undefined without true objects.
 *
 * A scene graph carries no scores, so all detections tie and stand in order: images as given, then
 * the order of the answer. Another order of the images therefore gives another value, as in COCO.
 * An image that a sample has n times brings each of its detections n times, side by side.
 *
 * Range:  [0, 1].
 * Errors: none.
 * Source: pycocotools 2.0.11 `COCOeval.accumulate`; without its epsilon of 2e-16 in the precision.
 */
export function classPrecision(
  tally: ClassTally,
  { threshold = 0, area = 0, detections = maxDetections, weights }: PrecisionOptions = {},
): ClassPrecision | undefined {
  const positives = weighted(tally, area, weights);
  if (positives === 0) return undefined;
  const { image, hits, ignored } = tally;
  const recalls: number[] = [];
  const precisions: number[] = [];
  let found = 0;
  let counted = 0;
  let inImage = 0;
  for (let i = 0; i < image.length; i += 1) {
    inImage = image[i] === image[i - 1] ? inImage + 1 : 0;
    const weight = weights ? weights[image[i]!]! : 1;
    if (weight === 0 || inImage >= detections || (ignored[area]![i]! >> threshold) & 1) continue;
    counted += weight;
    if (!((hits[area]![i]! >> threshold) & 1)) continue;
    found += weight;
    recalls.push(found / positives);
    precisions.push(found / counted);
  }
  return { precision: interpolate(recalls, precisions), recall: found / positives };
}

function weighted({ truthImage, positives }: ClassTally, area: number, weights: Weights): number {
  let sum = 0;
  for (let i = 0; i < truthImage.length; i += 1)
    sum += positives[area]![i]! * (weights ? weights[truthImage[i]!]! : 1);
  return sum;
}

/** Mean over the recall levels 0, 0.01 … 1 of the best precision at that recall or beyond. */
function interpolate(recalls: readonly number[], precisions: number[]): number {
  for (let i = precisions.length - 1; i > 0; i -= 1)
    if (precisions[i]! > precisions[i - 1]!) precisions[i - 1] = precisions[i]!;
  let sum = 0;
  let at = 0;
  for (let level = 0; level <= 100; level += 1) {
    while (at < recalls.length && recalls[at]! < level * 0.01) at += 1;
    if (at === recalls.length) break;
    sum += precisions[at]!;
  }
  return sum / 101;
}

/**
 * COCO's AP over the classes that the truth has, in percent; null when there is no true object.
 *
 * Shape:  `thresholds` are places in `overlapThresholds`: one for AP50, all for AP.
 * Range:  [0, 100].
 * Errors: none.
 * Source: COCO
 */
export function averagePrecision(
  classes: Iterable<ClassTally>,
  thresholds: readonly number[],
  options: Omit<PrecisionOptions, "threshold"> = {},
): number | null {
  return meanOver(classes, thresholds, options, ({ precision }) => precision);
}

/** COCO's average recall over the classes that the truth has, in percent; null when there is none. */
export const averageRecall = (
  classes: Iterable<ClassTally>,
  thresholds: readonly number[],
  options: Omit<PrecisionOptions, "threshold"> = {},
): number | null => meanOver(classes, thresholds, options, ({ recall }) => recall);

/** The places of all thresholds: COCO's range from 0.5 to 0.95. */
export const everyThreshold: readonly number[] = overlapThresholds.map((_, i) => i);

function meanOver(
  classes: Iterable<ClassTally>,
  thresholds: readonly number[],
  options: Omit<PrecisionOptions, "threshold">,
  figure: (of: ClassPrecision) => number,
): number | null {
  let sum = 0;
  let count = 0;
  for (const tally of classes)
    for (const threshold of thresholds) {
      const found = classPrecision(tally, { ...options, threshold });
      if (found === undefined) break;
      sum += figure(found);
      count += 1;
    }
  return count === 0 ? null : (100 * sum) / count;
}
