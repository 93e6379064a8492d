import { iou } from "../geometry/iou.ts";
import type { Box } from "../graph/scene-graph.ts";
import type { NamedBox } from "./scene.ts";

/** The true and the predicted objects of one image; predicted ones in the order of the answer. */
export interface DetectionPair {
  readonly truth: readonly NamedBox[];
  readonly predicted: readonly NamedBox[];
}

/** Source: COCO, `maxDets`: of one class in one image no more detections count. */
const maxDetections = 100;
const threshold = 0.5;

/**
 * COCO's AP at IoU 0.5, in percent: 101-point interpolated, averaged over the classes in the truth.
 *
 * A scene graph carries no scores, so all detections tie and stand in order: images as given, then
 * the order of the answer. Another order of the images therefore gives another value, as in COCO.
 *
 * Unit:   percent; boxes of both sides in the same unit.
 * Range:  [0, 100]; null when there is no true object at all.
 * Errors: none; a box with NaN or swapped corners is a false positive (COCO leaves the latter out).
 * Source: pycocotools 2.0.11 `COCOeval`, area "all"; without its epsilon of 2e-16 in the precision.
 */
export function averagePrecision50(images: readonly DetectionPair[]): number | null {
  const classes = new Map<string, { positives: number; outcomes: boolean[] }>();
  for (const { truth, predicted } of images) {
    const wanted = Map.groupBy(truth, ({ name }) => name);
    const found = Map.groupBy(predicted, ({ name }) => name);
    for (const name of new Set([...wanted.keys(), ...found.keys()])) {
      const tally = classes.get(name) ?? { positives: 0, outcomes: [] };
      classes.set(name, tally);
      tally.positives += wanted.get(name)?.length ?? 0;
      for (const hit of outcomes(wanted.get(name) ?? [], found.get(name) ?? []))
        tally.outcomes.push(hit);
    }
  }
  const counted = [...classes.values()].filter(({ positives }) => positives > 0);
  if (counted.length === 0) return null;
  const sum = counted.reduce((total, one) => total + interpolate(one.outcomes, one.positives), 0);
  return (100 * sum) / counted.length;
}

/** Of each detection of one class in one image: true when it takes a true box that is still free. */
function outcomes(truth: readonly NamedBox[], predicted: readonly NamedBox[]): boolean[] {
  const free = truth.map(({ box }): Box | undefined => box);
  return predicted.slice(0, maxDetections).map(({ box }) => {
    let best = -1;
    let overlap = threshold;
    for (const [i, wanted] of free.entries()) {
      const value = wanted ? iou(box, wanted) : 0;
      if (!(value >= overlap)) continue; // equal: the later one is taken, as COCO does
      best = i;
      overlap = value;
    }
    if (best >= 0) free[best] = undefined;
    return best >= 0;
  });
}

/** Mean over the recall levels 0, 0.01 … 1 of the best precision at that recall or beyond. */
function interpolate(outcomes: readonly boolean[], positives: number): number {
  const recall: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  for (const [i, hit] of outcomes.entries()) {
    if (hit) hits += 1;
    recall.push(hits / positives);
    precision.push(hits / (i + 1));
  }
  for (let i = precision.length - 1; i > 0; i -= 1)
    precision[i - 1] = Math.max(precision[i - 1]!, precision[i]!);
  let sum = 0;
  let at = 0;
  for (let level = 0; level <= 100; level += 1) {
    while (at < recall.length && recall[at]! < level * 0.01) at += 1;
    sum += precision[at] ?? 0;
  }
  return sum / 101;
}
