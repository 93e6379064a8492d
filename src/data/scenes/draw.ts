import type { Box } from "../../core/graph/scene-graph.ts";
import { drawings } from "./drawings.ts";

/** An object as it is painted: where, in which colour, and how far from the eye. */
export interface Painted {
  readonly name: string;
  /** Pixels. */
  readonly box: Box;
  readonly colour: string;
  /** Nearer is larger; what is nearer is painted over what is farther. */
  readonly depth: number;
  /** True when it stands on the floor and throws a shadow there. */
  readonly grounded: boolean;
}

/** The wall or sky, and the floor below the horizon. */
export interface Backdrop {
  readonly back: readonly [string, string];
  readonly floor: readonly [string, string];
}

/** The backdrops that scenes are drawn on: a meadow, a room, a beach, an evening. */
export const backdrops: readonly Backdrop[] = [
  { back: ["#bfe0f5", "#eef7fb"], floor: ["#c3dfa6", "#a9d08c"] },
  { back: ["#f4e6d2", "#fbf5ea"], floor: ["#dcc3a5", "#cdae8a"] },
  { back: ["#cde9f2", "#fdf6e9"], floor: ["#f3e4bb", "#e9d29f"] },
  { back: ["#cfc8e8", "#f8e3e0"], floor: ["#bfbbd6", "#aaa6c8"] },
];

/** A picture before it is painted; pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly horizon: number;
  readonly backdrop: Backdrop;
  readonly objects: readonly Painted[];
  /** Share of a light that is red from the left and blue from above; none unless given. */
  readonly light?: number;
}

/** The picture as an SVG document, far objects first. */
export function toSvg({ width, height, horizon, backdrop, objects, light = 0 }: Picture): string {
  const lit = (strength: number) =>
    (strength > 0 ? ["left", "above"] : []).map(
      (id) =>
        `<rect width="${width}" height="${height}" fill="url(#${id})" opacity="${strength}"/>`,
    );
  const inOrder = [...objects].sort((a, b) => a.depth - b.depth);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    "<defs>",
    gradient("back", backdrop.back),
    gradient("floor", backdrop.floor),
    ...(light > 0
      ? [beam("left", "#f00", 'x2="1" y2="0"'), beam("above", "#00f", 'x2="0" y2="1"')]
      : []),
    "</defs>",
    `<rect width="${width}" height="${height}" fill="url(#back)"/>`,
    `<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#floor)"/>`,
    ...lit(light),
    ...inOrder.map((object) => (object.grounded ? shadow(object.box) : "") + paint(object)),
    ...lit(light / 4), // things keep their colours
    "</svg>",
  ].join("");
}

function paint({ name, box: [x1, y1, x2, y2], colour }: Painted): string {
  const { frame, shapes } = drawings[name]!;
  const scale = `${(x2 - x1) / frame[0]} ${(y2 - y1) / frame[1]}`;
  return `<g transform="translate(${x1} ${y1}) scale(${scale})">${shapes(colour)}</g>`;
}

function shadow([x1, , x2, y2]: Box): string {
  const width = x2 - x1;
  const radii = `rx="${width * 0.46}" ry="${Math.max(2, width * 0.05)}"`;
  return `<ellipse cx="${x1 + width / 2}" cy="${y2 - 1}" ${radii} fill="#000" opacity="0.14"/>`;
}

const gradient = (id: string, [from, to]: readonly [string, string]): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${from}"/>` +
  `<stop offset="1" stop-color="${to}"/></linearGradient>`;

/** A light of one colour that fades to its opposite along one side. */
const beam = (id: string, colour: string, along: string): string =>
  `<linearGradient id="${id}" x1="0" y1="0" ${along}><stop stop-color="${colour}"/>` +
  `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></linearGradient>`;
