import type { Box } from "../core/graph/scene-graph.ts";
import type { Point } from "./arrow.ts";
import { escapeHtml, shorten } from "./escape.ts";
import type { Label, Rectangle } from "./place-labels.ts";

/** With more labels than this the letters get smaller, down to two thirds. */
const roomyLabels = 14;

/** A width and a height. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The length that is one pixel on a screen of some width, for a drawing of so many labels.
 *
 * There letters have their size and lines their breadth.
 */
export function unitOf({ width, height }: Size, labels: number, screenWidth = 480): number {
  const crowd = Math.max(1, Math.min(1.5, Math.sqrt(labels / roomyLabels)));
  return Math.max(width, height * 1.2) / screenWidth / crowd;
}

/**
 * A box inside the image, its corners sorted; undefined where a number is not finite.
 *
 * Boxes come from a model and may hold anything.
 */
export function clipped(box: readonly (number | string)[], size: Size): Box | undefined {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = box.map(Number);
  if (![x1, y1, x2, y2].every(Number.isFinite)) return undefined;
  const within = (value: number, high: number) => Math.max(0, Math.min(value, high));
  return [
    within(Math.min(x1, x2), size.width),
    within(Math.min(y1, y2), size.height),
    within(Math.max(x1, x2), size.width),
    within(Math.max(y1, y2), size.height),
  ];
}

/** The middle of a box. */
export const centre = (box: Box): Point => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

/** Width times height. */
export const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);

/** A box as an SVG element; `more` are further attributes. */
export const rectangle = ([x1, y1, x2, y2]: Box, more = ""): string =>
  `<rect x="${round(x1)}" y="${round(y1)}" width="${round(x2 - x1)}" height="${round(y2 - y1)}"${more}/>`;

/** The ground of a label, with round corners. */
export const pill = ({ x, y, width, height }: Rectangle, unit: number, more = ""): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(3 * unit)}"${more}/>`;

/** The text of a label in its place. */
export const letters = (text: string, { x, y, width, height }: Rectangle, unit: number): string =>
  `<text x="${round(x + width / 2)}" y="${round(y + height * 0.73)}" font-size="${round(11 * unit)}">${escapeHtml(shown(text))}</text>`;

const shown = (text: string): string => shorten(text, 24);

/** Letters have no measure here: 6.2 units each on average, wide ones 11. */
const breadth = (text: string, unit: number): number =>
  [...shown(text)].reduce((sum, one) => sum + (one > "\u2e7f" ? 11 : 6.2), 8) * unit;

/** The label of a box: at its corners, inside, and last where it does not touch. */
export function boxLabel(text: string, [x1, y1, x2, y2]: Box, unit: number): Label {
  const [width, height] = [breadth(text, unit), 15 * unit];
  const corners: Point[] = [
    [x1, y1 - height],
    [x1, y1],
    [x2 - width, y1 - height],
    [x2 - width, y1],
    [x1, y2],
    [x1, y2 - height],
    [x2 - width, y2 - height],
    [(x1 + x2 - width) / 2, (y1 + y2 - height) / 2],
    [x2, y1],
    [x1 - width, y1],
    [x1, y1 - 2 * height],
    [x1, y2 + height],
  ];
  return { width, height, corners };
}

/** The label of an arrow: on its line, or beside one so short that it would be covered. */
export function arrowLabel(text: string, along: readonly Point[], unit: number): Label {
  const [width, height] = [breadth(text, unit), 15 * unit];
  const [middle = [0, 0]] = along;
  const reach = Math.max(...along.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1])));
  const gap = reach + 3 * unit;
  const centres: readonly Point[] =
    reach * 2.5 > width
      ? along
      : [
          [middle[0], middle[1] + gap + height / 2],
          [middle[0], middle[1] - gap - height / 2],
          [middle[0] + gap + width / 2, middle[1]],
          [middle[0] - gap - width / 2, middle[1]],
        ];
  return { width, height, corners: centres.map(([x, y]) => [x - width / 2, y - height / 2]) };
}

/** Two decimals are a hundredth of a pixel. */
export const round = (value: number): number => Math.round(value * 100) / 100;
