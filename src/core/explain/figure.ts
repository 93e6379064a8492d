import type { Box } from "../graph/scene-graph.ts";

/** A number as JSON can hold it: NaN and the infinities by name. */
export type Figure = number | "NaN" | "Infinity" | "-Infinity";

/**
 * A number as JSON can hold it; −0 becomes 0, as it does there.
 *
 * @example
 * figure(0 / 0); // "NaN"
 */
export function figure(value: number): Figure {
  if (Number.isFinite(value)) return value + 0;
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

/** A box as JSON can hold it. */
export type BoxFigures = readonly [Figure, Figure, Figure, Figure];

/** The four numbers of a box as figures. */
export const figures = ([x1, y1, x2, y2]: Box): BoxFigures => [
  figure(x1),
  figure(y1),
  figure(x2),
  figure(y2),
];

/**
 * A number for people: at most four decimals, no zeros at the end; a huge one by its power of ten.
 *
 * @example
 * shown(2 / 3); // "0.6667"
 */
export function shown(value: Figure): string {
  if (typeof value === "string") return value;
  return Math.abs(value) < 1e9 ? String(Number(value.toFixed(4)) + 0) : value.toExponential(3);
}

/**
 * A count with its noun.
 *
 * @example
 * counted(2, "hit"); // "2 hits"
 */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;
