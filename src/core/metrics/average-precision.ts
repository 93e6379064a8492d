import { maxDetections, overlapThresholds } from "./detections.ts";
import type { ClassTally } from "./tally.ts";

/** How often each image is in a sample; undefined takes each once. */
export type Weights = Uint32Array | undefined;

/** Which figure of a class is asked for; the defaults are COCO's AP50. */
export interface CurveOptions {
  /** Place of the overlap threshold, 0 for 0.5. */
  readonly threshold?: number;
  /** Place of the range of area. */
  readonly area?: number;
  /** How many detections of an image count. */
  readonly detections?: number;
}

/** The detections of a class that count, in order, and its true objects. */
export interface Curve {
  /** Of each detection its image, and 1 for a hit. */
  readonly image: Int32Array;
  readonly hit: Uint8Array;
  /** Of each image with true objects its place, and how many they are. */
  readonly truthImage: Int32Array;
  readonly positives: Int32Array;
}

/** COCO's figures of one class, as shares. */
export interface ClassPrecision {
  readonly precision: number;
  readonly recall: number;
}

/** Picks what counts for one figure of a class. Errors: none. */
export function curveOf(
  { image, hits, ignored, truthImage, positives }: ClassTally,
  { threshold = 0, area = 0, detections = maxDetections }: CurveOptions = {},
): Curve {
  const bit = 1 << threshold;
  const [hitWords, ignoredWords] = [hits[area]!, ignored[area]!];
  const counted = new Int32Array(image.length);
  const hit = new Uint8Array(image.length);
  let length = 0;
  let inImage = 0;
  for (let i = 0; i < image.length; i += 1) {
    inImage = i > 0 && image[i] === image[i - 1] ? inImage + 1 : 0;
    if (inImage >= detections || (ignoredWords[i]! & bit) !== 0) continue;
    counted[length] = image[i]!;
    hit[length] = (hitWords[i]! >> threshold) & 1;
    length += 1;
  }
  return {
    image: counted.subarray(0, length),
    hit: hit.subarray(0, length),
    truthImage: Int32Array.from(truthImage),
    positives: Int32Array.from(positives[area]!),
  };
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
export function classPrecision(curve: Curve, weights?: Weights): ClassPrecision | undefined {
  const { image, hit } = curve;
  const positives = countTruth(curve, weights);
  if (positives === 0) return undefined;
  const recalls: number[] = [];
  const precisions: number[] = [];
  let found = 0;
  let counted = 0;
  for (let i = 0; i < image.length; i += 1) {
    const weight = weights ? weights[image[i]!]! : 1;
    counted += weight;
    if (hit[i] === 0 || weight === 0) continue;
    found += weight;
    recalls.push(found / positives);
    precisions.push(found / counted);
  }
  return { precision: interpolate(recalls, precisions), recall: found / positives };
}

function countTruth({ truthImage, positives }: Curve, weights: Weights): number {
  let sum = 0;
  for (let i = 0; i < truthImage.length; i += 1)
    sum += positives[i]! * (weights ? weights[truthImage[i]!]! : 1);
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
 * Range:  [0, 100].
 * Errors: none.
 * Source: COCO
 */
export const averagePrecision = (curves: Iterable<Curve>, weights?: Weights): number | null =>
  meanOver(curves, ({ precision }) => precision, weights);

/** COCO's average recall over the classes that the truth has, in percent; null when there is none. */
export const averageRecall = (curves: Iterable<Curve>, weights?: Weights): number | null =>
  meanOver(curves, ({ recall }) => recall, weights);

/** The curves of the classes at every threshold from 0.5 to 0.95. Errors: none. */
export function* curvesAtAll(
  classes: readonly ClassTally[],
  options: Omit<CurveOptions, "threshold"> = {},
): Generator<Curve> {
  for (const tally of classes)
    for (const threshold of overlapThresholds.keys())
      yield curveOf(tally, { ...options, threshold });
}

function meanOver(
  curves: Iterable<Curve>,
  figure: (of: ClassPrecision) => number,
  weights: Weights,
): number | null {
  let sum = 0;
  let count = 0;
  for (const curve of curves) {
    const found = classPrecision(curve, weights);
    if (found === undefined) continue;
    sum += figure(found);
    count += 1;
  }
  return count === 0 ? null : (100 * sum) / count;
}
