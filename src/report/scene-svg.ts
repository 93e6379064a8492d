import { toArrow } from "./arrow.ts";
import { escapeHtml } from "./escape.ts";
import { placeLabels, type Rectangle } from "./place-labels.ts";
import type { SceneView } from "./scene-view.ts";
import {
  area,
  arrowLabel,
  boxLabel,
  centre,
  letters,
  pill,
  rectangle,
  unitOf,
} from "./svg-parts.ts";

/** What a drawing is laid on: the image's size in pixels, and the id of an element that shows it. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly imageId: string;
  /** How wide it is on the screen, which decides how large letters are. */
  readonly screenWidth?: number;
  /** Where the drawing stands in another one; absent where a page decides. */
  readonly frame?: Rectangle;
}

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
  const unit = unitOf(ground, labelCount(view), ground.screenWidth);
  const boxes = view.objects
    .slice(0, most)
    .flatMap(({ id, name, box, isRight }, place) =>
      box
        ? [{ id: isRight === false ? `✗ ${id}` : id, name, box, place, wrong: wrong(isRight) }]
        : [],
    );
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
    ...missingParts(view, unit),
    ...bySize.map(({ id, name, box, place, wrong }) => {
      const colour = colours[Math.max(0, names.indexOf(name)) % colours.length]!;
      return `<g class="object box${wrong}" data-object="${place}"><title>${escapeHtml(id)}</title>${rectangle(box)}${rectangle(box, ` stroke="${colour}"`)}</g>`;
    }),
    ...arrows.map(
      ({ text, subject, object, line, head, hit, place }) =>
        `<g class="relation${mark(hit)}" data-relation="${place}" data-ends="${subject} ${object}"><title>${escapeHtml(text.join(" "))}</title><path class="halo" d="${line}"/><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`,
    ),
    ...boxes.map(({ id, name, place, wrong }, i) => {
      const colour = colours[Math.max(0, names.indexOf(name)) % colours.length]!;
      return `<g class="object name${wrong}" data-object="${place}">${pill(places[i]!, unit, ` fill="${colour}"`)}${letters(id, places[i]!, unit)}</g>`;
    }),
    ...arrows.map(
      ({ text, subject, object, hit, place }, i) =>
        `<g class="relation said${mark(hit)}" data-relation="${place}" data-ends="${subject} ${object}">${pill(places[boxes.length + i]!, unit)}${letters(text[1], places[boxes.length + i]!, unit)}</g>`,
    ),
  ];
  const { width, height, imageId, frame } = ground;
  const place = frame
    ? ` x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}"`
    : "";
  return `<svg class="drawing"${place} viewBox="0 0 ${width} ${height}" role="img" aria-label="${view.objects.length} objects, ${view.relations.length} relations"><use href="#${imageId}"/>${parts.join("")}</svg>`;
}

const labelCount = ({ objects, relations }: SceneView): number =>
  Math.min(objects.length, most) + Math.min(relations.length, most);

const mark = (hit: boolean | undefined): string =>
  hit === undefined ? "" : hit ? " hit" : " miss";

const wrong = (isRight: boolean | undefined): string => (isRight === false ? " wrong" : "");

/** What an answer lacks, dotted and without names: those stand in the truth and in the list. */
function missingParts({ missing }: SceneView, unit: number): readonly string[] {
  if (missing === undefined) return [];
  const boxes = new Map(missing.objects.map(({ place, box }) => [place, box]));
  return [
    ...missing.objects.slice(0, most).flatMap(({ id, box, place, isFound }) => {
      if (!box) return [];
      return `<g class="object gone${isFound ? " end" : ""}" data-object="t${place}"><title>missing: ${escapeHtml(id)}</title>${rectangle(box)}${rectangle(box)}</g>`;
    }),
    ...missing.relations.slice(0, most).flatMap(({ text, subject, object }, i) => {
      const from = boxes.get(subject ?? -1);
      const to = boxes.get(object ?? -1);
      if (!from || !to) return [];
      const { line, head } = toArrow(centre(from), centre(to), unit);
      return `<g class="relation gone" data-relation="m${i}" data-ends="t${subject} t${object}"><title>missing: ${escapeHtml(text.join(" "))}</title><path class="halo" d="${line}"/><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`;
    }),
  ];
}
