import type { Explanation } from "../core/explain/explanation.ts";
import { type Arrow, type Point, toArrow } from "./arrow.ts";
import { escapeHtml } from "./escape.ts";
import { legend } from "./explanation-legend.ts";
import { explanationStyle } from "./explanation-style.ts";
import { type MarkedRelation, toExplanationView } from "./explanation-view.ts";
import { placeLabels } from "./place-labels.ts";
import {
  arrowLabel,
  boxLabel,
  centre,
  letters,
  pill,
  rectangle,
  round,
  type Size,
  unitOf,
} from "./svg-parts.ts";

/** At this width letters have their size. */
const screenWidth = 760;
/** A narrower image gets blank space beside it, for labels and legend, in pixels of the screen. */
const leastWidth = 420;
/** The longer side that the drawing asks for, in pixels. */
const screenSide = 1000;

/** What an explanation may be drawn with. */
export interface ExplanationDrawing {
  /** A data URL of the image; without one the ground is blank. */
  readonly image?: string;
  /** The reward that relations are marked by; the first one that looks at relations if absent. */
  readonly by?: string;
}

/**
 * An explanation on its image, as one SVG file.
 *
 * Targets are solid blue boxes, predictions dashed orange ones; matched ones have the same number
 * and are joined by a dotted line where they are apart. Arrows go between targets: solid for a
 * relation that was found, dashed for a missed one, with what was said instead behind `≈`.
 */
export function explanationSvg(told: Explanation, { image, by }: ExplanationDrawing = {}): string {
  const view = toExplanationView(told, by);
  const unit = unitOf(told.image, view.boxes.length + view.relations.length, screenWidth);
  const arrows = view.relations.map((one) => ({
    ...one,
    ...toArrow(centre(one.from), centre(one.to), unit),
  }));
  const labels = [
    ...view.boxes.map(({ label, box }) => boxLabel(label, box, unit)),
    ...arrows.map(({ label, along }) => arrowLabel(label, along, unit)),
  ];
  const { width, height } = told.image;
  const canvas = { width: Math.max(width, leastWidth * unit), height };
  const places = placeLabels(labels, canvas);
  const [left, top, right, bottom] = bounds(canvas, arrows, 4 * unit);
  const key = legend(told, view, unit, canvas.width);
  const parts = [
    ground(told.image, image),
    ...view.pairs.flatMap(([a, b]) => join(centre(a), centre(b), 24 * unit)),
    ...view.boxes.map(({ box }) => rectangle(box, ' class="under"')),
    // Predictions last: between their dashes the target's line shows where both are the same.
    ...view.boxes.map(
      ({ side, label, box }) =>
        `<g class="box ${side}"><title>${escapeHtml(`${side} ${label}`)}</title>${rectangle(box)}</g>`,
    ),
    ...arrows.map(arrowShape),
    ...view.boxes.map(
      ({ side, label }, i) =>
        `<g class="name ${side}">${pill(places[i]!, unit)}${letters(label, places[i]!, unit)}</g>`,
    ),
    ...arrows.map(({ hit, label }, i) => {
      const place = places[view.boxes.length + i]!;
      return `<g class="said ${kind(hit)}">${pill(place, unit)}${letters(label, place, unit)}</g>`;
    }),
    `<g transform="translate(0 ${round(bottom)})">${key.svg}</g>`,
  ];
  const [w, h] = [right - left, bottom - top + key.height];
  const scale = screenSide / Math.max(w, h);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, w, h].map(round).join(" ")}" width="${Math.round(w * scale)}" height="${Math.round(h * scale)}" role="img"><title>${escapeHtml(key.title)}</title><style>${explanationStyle(unit)}</style>${parts.join("\n")}</svg>\n`;
}

const ground = ({ width, height }: Size, image: string | undefined): string =>
  image === undefined
    ? rectangle([0, 0, width, height], ' class="blank"')
    : `<image href="${escapeHtml(image)}" width="${width}" height="${height}" preserveAspectRatio="none"/><rect class="veil" width="${width}" height="${height}"/>`;

const kind = (hit: boolean): string => (hit ? "hit" : "miss");

const arrowShape = ({ label, hit, line, head }: Arrow & MarkedRelation): string =>
  `<g class="${kind(hit)}"><title>${escapeHtml(label)}</title><path class="halo" d="${line}"/><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`;

/** A line between the middles of a matched pair that is apart by more than `least`. */
function join([x1, y1]: Point, [x2, y2]: Point, least: number): readonly string[] {
  if (Math.hypot(x2 - x1, y2 - y1) <= least) return [];
  return [`<path class="join" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`];
}

/** The smallest and largest x and y of a canvas and of the arrows that bend out of it. */
function bounds({ width, height }: Size, arrows: readonly Arrow[], margin: number) {
  const points = arrows.flatMap(({ along }) => along);
  const xs = [0, width, ...points.map(([x]) => x)];
  const ys = [0, height, ...points.map(([, y]) => y)];
  return [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ] as const;
}
