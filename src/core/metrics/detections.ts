import type { Box } from "../graph/scene-graph.ts";
import type { NamedBox } from "./scene.ts";

/** IoU from which a detection counts, ten times. Source: COCO, NumPy's `linspace(.5, .95, 10)`. */
export const overlapThresholds: readonly number[] = Array.from(
  { length: 10 },
  (_, i) => 0.5 + i * ((0.95 - 0.5) / 9),
);

/** Source: COCO, `maxDets`: of one class in one image no more detections count. */
export const maxDetections = 100;

/** What the judging of detections depends on. */
export interface DetectionRules {
  /** Overlap of a detection with a true box. */
  readonly overlap: (detection: Box, truth: Box) => number;
  /** Ranges of area, ends included; what is outside of one is ignored in its figures. */
  readonly areas: readonly (readonly [least: number, most: number])[];
  readonly areaOf: (box: Box) => number;
}

/** How the objects of one class in one image fared, by range of area. */
export interface ClassResult {
  readonly name: string;
  /** True objects within the range. */
  readonly positives: readonly number[];
  /** Of each detection a word whose bit t says: it takes a true box at the t-th threshold. */
  readonly hits: readonly (readonly number[])[];
  /** Of each detection a word whose bit t says: it counts neither for nor against. */
  readonly ignored: readonly (readonly number[])[];
}

/**
 * Judges the detections of one image, class by class, at every threshold of COCO.
 *
 * All detections tie, so they stand in the order of the answer: each takes the true box that it
 * overlaps most among those that are still free, the later one when two are equal.
 *
 * Shape:  one entry for each class that either side has; words are in the order of the answer, the
 *         first hundred of a class.
 * Unit:   boxes of both sides in the same unit; areas in its square.
 * Errors: none; an overlap of NaN counts as one of 1, so `overlap` says what a broken box is.
 * Source: pycocotools 2.0.11 `COCOeval.evaluateImg`. `lost` is a true object that is taken as any other
 *         and counts as none, which the release's object 0 is.
 */
export function judgeDetections(
  truth: readonly NamedBox[],
  predicted: readonly NamedBox[],
  rules: DetectionRules,
  lost?: NamedBox,
): ClassResult[] {
  const wanted = Map.groupBy(truth, ({ name }) => name);
  const found = Map.groupBy(predicted, ({ name }) => name);
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names].map((name) =>
    judgeClass(name, wanted.get(name) ?? [], found.get(name) ?? [], rules, lost),
  );
}

function judgeClass(
  name: string,
  truth: readonly NamedBox[],
  all: readonly NamedBox[],
  { overlap, areas, areaOf }: DetectionRules,
  lost: NamedBox | undefined,
): ClassResult {
  const detections = all.slice(0, maxDetections);
  const overlaps = detections.map(({ box }) => truth.map((one) => overlap(box, one.box)));
  const results = areas.map(([least, most]) => {
    const outside = ({ box }: NamedBox) => areaOf(box) < least || areaOf(box) > most;
    const truthOutside = truth.map(outside);
    const words = matchAll(overlaps, truthOutside, detections.map(outside), truth.indexOf(lost!));
    return { positives: truthOutside.filter((one) => !one).length, ...words };
  });
  return {
    name,
    positives: results.map(({ positives }) => positives),
    hits: results.map(({ hits }) => hits),
    ignored: results.map(({ ignored }) => ignored),
  };
}

function matchAll(
  overlaps: readonly (readonly number[])[],
  truthOutside: readonly boolean[],
  detectionOutside: readonly boolean[],
  lost: number,
): { readonly hits: number[]; readonly ignored: number[] } {
  const hits = overlaps.map(() => 0);
  const ignored = overlaps.map(() => 0);
  const order = [...truthOutside.keys()].sort(
    (a, b) => Number(truthOutside[a]) - Number(truthOutside[b]), // those that count come first
  );
  for (const [bit, threshold] of overlapThresholds.entries()) {
    const taken = new Set<number>();
    for (const [i, row] of overlaps.entries()) {
      const match = bestFree(row, order, taken, truthOutside, threshold);
      if (match >= 0) taken.add(match);
      const isHit = match >= 0 && match !== lost;
      if (isHit && !truthOutside[match]) hits[i]! |= 1 << bit;
      if (truthOutside[match] || (!isHit && detectionOutside[i])) ignored[i]! |= 1 << bit;
    }
  }
  return { hits, ignored };
}

/** The free true box with the largest overlap from the threshold on, or -1. */
function bestFree(
  overlaps: readonly number[],
  order: readonly number[],
  taken: ReadonlySet<number>,
  outside: readonly boolean[],
  threshold: number,
): number {
  let best = threshold;
  let match = -1;
  for (const i of order) {
    if (taken.has(i)) continue;
    if (match >= 0 && !outside[match] && outside[i]) break;
    if (overlaps[i]! < best) continue;
    best = overlaps[i]!;
    match = i;
  }
  return match;
}
