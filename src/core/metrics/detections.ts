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
 * Source: pycocotools 2.0.11 `COCOeval.evaluateImg`. `lost` is a true object that can be taken and
 *         is never found, as the release's object 0.
 */
export function judgeDetections(
  truth: readonly NamedBox[],
  predicted: readonly NamedBox[],
  rules: DetectionRules,
  lost?: NamedBox,
): ClassResult[] {
  const names = new Map<string, { truth: NamedBox[]; predicted: NamedBox[] }>();
  const of = ({ name }: NamedBox) => {
    const old = names.get(name);
    if (old) return old;
    const fresh = { truth: [], predicted: [] };
    names.set(name, fresh);
    return fresh;
  };
  for (const one of truth) of(one).truth.push(one);
  for (const one of predicted) of(one).predicted.push(one);
  return Array.from(names, ([name, side]) =>
    judgeClass(name, side.truth, side.predicted, rules, lost),
  );
}

function judgeClass(
  name: string,
  truth: readonly NamedBox[],
  said: readonly NamedBox[],
  { overlap, areas, areaOf }: DetectionRules,
  lost: NamedBox | undefined,
): ClassResult {
  const detections = said.length > maxDetections ? said.slice(0, maxDetections) : said;
  const overlaps: number[][] = [];
  for (const { box } of detections) {
    const row: number[] = [];
    for (const one of truth) row.push(overlap(box, one.box));
    overlaps.push(row);
  }
  const reached = largest(overlaps);
  const isLost = lost === undefined ? -1 : truth.indexOf(lost);
  const [positives, hits, ignored]: [number[], number[][], number[][]] = [[], [], []];
  for (const range of areas) {
    const truthOutside = areOutside(truth, range, areaOf);
    const words = { hits: [] as number[], ignored: [] as number[] };
    for (const outside of areOutside(detections, range, areaOf)) {
      words.hits.push(0);
      words.ignored.push(outside ? everyBit : 0);
    }
    if (!(reached < overlapThresholds[0]!))
      matchAll(overlaps, reached, truthOutside, isLost, words);
    let inside = 0;
    for (const outside of truthOutside) if (!outside) inside += 1;
    positives.push(inside);
    hits.push(words.hits);
    ignored.push(words.ignored);
  }
  return { name, positives, hits, ignored };
}

const everyBit = (1 << overlapThresholds.length) - 1;

function areOutside(
  objects: readonly NamedBox[],
  [least, most]: readonly [number, number],
  areaOf: (box: Box) => number,
): boolean[] {
  const outside: boolean[] = [];
  for (const { box } of objects) {
    const area = areaOf(box);
    outside.push(area < least || area > most);
  }
  return outside;
}

/** Sets the bits of what is matched, threshold by threshold, up to the largest overlap there is. */
function matchAll(
  overlaps: readonly (readonly number[])[],
  reached: number,
  truthOutside: readonly boolean[],
  lost: number,
  { hits, ignored }: { readonly hits: number[]; readonly ignored: number[] },
): void {
  const order = inOrder(truthOutside);
  const taken = truthOutside.map(() => false);
  for (let bit = 0; bit < overlapThresholds.length; bit += 1) {
    const threshold = overlapThresholds[bit]!;
    if (reached < threshold) return;
    taken.fill(false);
    for (let i = 0; i < overlaps.length; i += 1) {
      const match = bestFree(overlaps[i]!, order, taken, truthOutside, threshold);
      if (match < 0) continue;
      taken[match] = true;
      if (truthOutside[match]) ignored[i]! |= 1 << bit;
      else if (match !== lost) {
        hits[i]! |= 1 << bit;
        ignored[i]! &= ~(1 << bit);
      }
    }
  }
}

/** The largest overlap there is, which no threshold above it needs to look for; a NaN is above all. */
function largest(overlaps: readonly (readonly number[])[]): number {
  let most = 0;
  for (const row of overlaps)
    for (const value of row) {
      if (Number.isNaN(value)) return value;
      if (value > most) most = value;
    }
  return most;
}

/** Places of the true boxes, those that count first. */
function inOrder(outside: readonly boolean[]): readonly number[] {
  const places = [...outside.keys()];
  return outside.includes(true)
    ? places.sort((a, b) => Number(outside[a]) - Number(outside[b]))
    : places;
}

/** The free true box with the largest overlap from the threshold on, or -1. */
function bestFree(
  overlaps: readonly number[],
  order: readonly number[],
  taken: readonly boolean[],
  outside: readonly boolean[],
  threshold: number,
): number {
  let best = threshold;
  let match = -1;
  for (const i of order) {
    if (taken[i]) continue;
    if (match >= 0 && !outside[match] && outside[i]) break;
    if (overlaps[i]! < best) continue;
    best = overlaps[i]!;
    match = i;
  }
  return match;
}
