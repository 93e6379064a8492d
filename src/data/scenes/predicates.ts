import type { Box } from "../../core/graph/scene-graph.ts";

/**
 * The predicates of drawn scenes, the most frequent first.
 *
 * The frequencies have a long tail, as those of Visual Genome do: the predicate of rank r is asked
 * for with weight 1/r (Zipf's law). What finds no place in the image is drawn anew, which shifts the
 * shares a little: in 3,000 scenes `on` has 34 %, `near` 21 %, and `right of` 3 %.
 */
export const predicates = [
  "on",
  "near",
  "left of",
  "in",
  "above",
  "behind",
  "right of",
  "in front of",
  "below",
] as const;

/** One of the predicates of drawn scenes. */
export type Predicate = (typeof predicates)[number];

/** How often a predicate is asked for, up to a factor. */
export const zipfWeight = (predicate: Predicate): number => 1 / (predicates.indexOf(predicate) + 1);

/**
 * What two boxes are to each other: the one predicate that is true of `a` towards `b`.
 *
 * The first rule that fits decides: `a` inside `b` is `in`; `a` standing on the upper edge of `b`
 * with its middle over it is `on`; boxes that share area are told apart by their lower edges, the
 * higher one being `behind`; a gap of at most 6 % of `side` is `near`; then the wider of the two
 * gaps says left, right, above or below.
 *
 * Unit: pixels, y downwards; `side` is the shorter side of the image.
 * Range: undefined when `b` is inside or on `a`: then the relation is told from `b`.
 *
 * @example
 * predicateOf([0, 0, 10, 10], [50, 0, 60, 10], 100); // "left of"
 */
export function predicateOf(a: Box, b: Box, side: number): Predicate | undefined {
  if (contains(b, a)) return "in";
  if (standsOn(a, b)) return "on";
  if (contains(a, b) || standsOn(b, a)) return undefined;
  const gapX = Math.max(a[0], b[0]) - Math.min(a[2], b[2]);
  const gapY = Math.max(a[1], b[1]) - Math.min(a[3], b[3]);
  if (gapX < 0 && gapY < 0) return a[3] < b[3] ? "behind" : "in front of";
  if (Math.max(gapX, gapY) <= 0.06 * side) return "near";
  if (gapX >= gapY) return a[0] < b[0] ? "left of" : "right of";
  return a[1] < b[1] ? "above" : "below";
}

const contains = (outer: Box, inner: Box): boolean =>
  inner[0] > outer[0] && inner[1] > outer[1] && inner[2] < outer[2] && inner[3] < outer[3];

function standsOn(a: Box, b: Box): boolean {
  const middle = (a[0] + a[2]) / 2;
  return a[3] === b[1] && middle >= b[0] && middle <= b[2];
}
