import type { Box } from "../core/graph/scene-graph.ts";
import { type Point, toArrow } from "./arrow.ts";
import { escapeHtml, shorten } from "./escape.ts";
import { type Label, placeLabels, type Rectangle } from "./place-labels.ts";
import type { SceneView } from "./scene-view.ts";

/** What a drawing is laid on: the image's size in pixels, and the id of an element that shows it. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly imageId: string;
}

/** At this width on the screen a unit is one pixel: letters have their size, lines their breadth. */
const screenWidth = 480;
/** With more labels than this the letters get smaller, down to two thirds. */
const roomyLabels = 14;
/** More than this and a drawing cannot be read; the list beside it has them all. */
const most = 60;
/** White letters read on each of them (contrast 4.5 and more). */
const colours = [
  "#0969b3",
  "#b24a00",
  "#08775a",
  "#9c3a78",
  "#6f5b00",
  "#5b52b8",
  "#a32a33",
  "#2a6c7d",
  "#5f6368",
  "#3c7526",
];

/**
 * A scene graph over its image as SVG: boxes with ids, arrows between box centres with predicates.
 *
 * Each object is a `g.object` with `data-object`, each relation a `g.relation` with
 * `data-relation`, so that a page can hide kinds and light up one. `names` gives the colours: the
 * same class has the same colour in all drawings that share the list.
 */
export function sceneSvg(view: SceneView, ground: Ground, names: readonly string[]): string {
  const unit = unitOf(view, ground);
  const boxes = view.objects
    .slice(0, most)
    .flatMap(({ id, name, box }, place) => (box ? [{ id, name, box, place }] : []));
  const arrows = view.relations.slice(0, most).flatMap((relation, place) => {
    const from = view.objects[relation.subject ?? -1]?.box;
    const to = view.objects[relation.object ?? -1]?.box;
    if (!from || !to) return [];
    return [{ ...relation, place, ...toArrow(centre(from), centre(to), unit) }];
  });
  const idLabels = boxes.map(({ id, box }) => boxLabel(id, box, unit));
  const relationLabels = arrows.map(({ text, along }) => arrowLabel(text[1], along, unit));
  const places = placeLabels([...idLabels, ...relationLabels], ground);
  const bySize = boxes.map((box, i) => ({ ...box, i })).sort((a, b) => area(b.box) - area(a.box));
  const parts = [
    ...bySize.map(({ id, name, box, place }) => {
      const colour = colours[Math.max(0, names.indexOf(name)) % colours.length]!;
      return `<g class="object box" data-object="${place}"><title>${escapeHtml(id)}</title>${rectangle(box)}${rectangle(box, ` stroke="${colour}"`)}</g>`;
    }),
    ...arrows.map(
      ({ text, subject, object, line, head, hit, place }) =>
        `<g class="relation${mark(hit)}" data-relation="${place}" data-ends="${subject} ${object}"><title>${escapeHtml(text.join(" "))}</title><path class="halo" d="${line}"/><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`,
    ),
    ...boxes.map(({ id, name, place }, i) => {
      const colour = colours[Math.max(0, names.indexOf(name)) % colours.length]!;
      return `<g class="object name" data-object="${place}">${pill(places[i]!, unit, ` fill="${colour}"`)}${letters(id, places[i]!, unit)}</g>`;
    }),
    ...arrows.map(
      ({ text, subject, object, hit, place }, i) =>
        `<g class="relation said${mark(hit)}" data-relation="${place}" data-ends="${subject} ${object}">${pill(places[boxes.length + i]!, unit)}${letters(text[1], places[boxes.length + i]!, unit)}</g>`,
    ),
  ];
  const { width, height, imageId } = ground;
  return `<svg class="drawing" viewBox="0 0 ${width} ${height}" role="img" aria-label="${view.objects.length} objects, ${view.relations.length} relations"><use href="#${imageId}"/>${parts.join("")}</svg>`;
}

function unitOf({ objects, relations }: SceneView, { width, height }: Ground): number {
  const labels = Math.min(objects.length, most) + Math.min(relations.length, most);
  const crowd = Math.max(1, Math.min(1.5, Math.sqrt(labels / roomyLabels)));
  return Math.max(width, height * 1.2) / screenWidth / crowd;
}

const mark = (hit: boolean | undefined): string =>
  hit === undefined ? "" : hit ? " hit" : " miss";

const centre = (box: Box): Point => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);

const rectangle = ([x1, y1, x2, y2]: Box, more = ""): string =>
  `<rect x="${round(x1)}" y="${round(y1)}" width="${round(x2 - x1)}" height="${round(y2 - y1)}"${more}/>`;

const pill = ({ x, y, width, height }: Rectangle, unit: number, more = ""): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(3 * unit)}"${more}/>`;

const letters = (text: string, { x, y, width, height }: Rectangle, unit: number): string =>
  `<text x="${round(x + width / 2)}" y="${round(y + height * 0.73)}" font-size="${round(11 * unit)}">${escapeHtml(shown(text))}</text>`;

const shown = (text: string): string => shorten(text, 24);

/** Letters have no measure here: 6.2 units each on average, wide ones 11. */
const breadth = (text: string, unit: number): number =>
  [...shown(text)].reduce((sum, one) => sum + (one > "\u2e7f" ? 11 : 6.2), 8) * unit;

function boxLabel(id: string, [x1, y1, x2, y2]: Box, unit: number): Label {
  const [width, height] = [breadth(id, unit), 15 * unit];
  const corners: Point[] = [
    [x1, y1 - height],
    [x1, y1],
    [x2 - width, y1 - height],
    [x2 - width, y1],
    [x1, y2],
    [x1, y2 - height],
    [x2 - width, y2 - height],
    [(x1 + x2 - width) / 2, (y1 + y2 - height) / 2],
  ];
  return { width, height, corners };
}

function arrowLabel(predicate: string, along: readonly Point[], unit: number): Label {
  const [width, height] = [breadth(predicate, unit), 15 * unit];
  return {
    width,
    height,
    corners: along.map(([x, y]) => [x - width / 2, y - height / 2]),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
