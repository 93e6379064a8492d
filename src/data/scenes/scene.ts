import type { Box, Relationship, SceneObject } from "../../core/graph/scene-graph.ts";
import { type Random, randomStream } from "../../core/random-stream.ts";
import { pebble, scatter } from "./clutter.ts";
import { backdrops, type Painted, type Picture } from "./draw.ts";
import { drawings } from "./drawings.ts";
import { compose, type Placed } from "./layout.ts";
import type { SceneStyle } from "./style.ts";

/** A drawn scene: the picture, and the scene graph that is true of it. Boxes in pixels. */
export interface Scene extends Picture {
  readonly graph: {
    readonly objects: readonly SceneObject[];
    readonly relationships: readonly Relationship[];
  };
}

const sizes = [
  [224, 168],
  [224, 168],
  [168, 224],
  [196, 196],
  [252, 168],
] as const;

/**
 * One scene: 2 to 4 objects, each after the first related to one before it.
 *
 * Objects are in alphabetical order and numbered from 1 over the whole image, as in VG150;
 * relations are ordered by the numbers of their subject and object. The same seed and index give
 * the same scene, whatever else is drawn. What litters it comes last and has no relations.
 */
export function drawScene(seed: number, index: number, style: SceneStyle = {}): Scene {
  const random = randomStream(`scene/${seed}/${index}`);
  const { size, grid, scale, light } = style;
  const usual = random.pick(sizes);
  const [width, height] = size === undefined ? usual : [size, size];
  const horizon = Math.round(height * random.between(0.52, 0.62));
  const count = random.weighted([2, 3, 4], (objects) => [4, 4, 2][objects - 2]!);
  const placed = compose(
    { width, height, horizon, ...(grid && { grid }), ...(scale && { scale }) },
    count,
    random,
  );
  const backdrop = random.pick(backdrops);
  const inOrder = [...placed].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ids = new Map(inOrder.map(({ name }, at) => [name, `${name}.${at + 1}`]));
  const numbers = new Map(inOrder.map(({ name }, at) => [name, at]));
  const relationships = placed
    .flatMap(({ relation }) => (relation === undefined ? [] : [relation]))
    .sort((a, b) => {
      const [at, bt] = [numbers.get(a.subject)!, numbers.get(b.subject)!];
      return at - bt || numbers.get(a.object)! - numbers.get(b.object)!;
    })
    .map(({ subject, predicate, object }) => ({
      subject: ids.get(subject)!,
      predicate,
      object: ids.get(object)!,
    }));
  const painted = inOrder.map((object) => paintedFrom(object, random, style.plain));
  const picture = { width, height, horizon, backdrop, ...(light && { light }) };
  if (isAlone(style, seed, index)) return oneOf(painted, picture, index);
  const pebbles = scatter(style, [width, height], random);
  const listed = pebbles.boxes.slice(0, pebbles.listed);
  const objects = [
    ...inOrder.map(({ name, box }) => ({ id: ids.get(name)!, bbox: box as Box })),
    ...listed.map((bbox, at) => ({ id: `${pebble}.${inOrder.length + at + 1}`, bbox })),
  ];
  const litter = pebbles.boxes.map((box) => ({ ...litterOf(box), depth: height }));
  return { ...picture, objects: [...painted, ...litter], graph: { objects, relationships } };
}

const isAlone = ({ alone = 0 }: SceneStyle, seed: number, index: number): boolean =>
  alone > 0 && randomStream(`alone/${seed}/${index}`).unit() < alone;

function oneOf(
  painted: readonly Painted[],
  picture: Omit<Picture, "objects">,
  index: number,
): Scene {
  const one = painted[index % painted.length]!;
  const objects = [{ id: `${one.name}.1`, bbox: one.box }];
  return { ...picture, objects: [one], graph: { objects, relationships: [] } };
}

const paintedFrom = (
  { name, box, depth, place }: Placed,
  random: Random,
  isPlain = false,
): Painted => ({
  name,
  box,
  colour: isPlain ? drawings[name]!.colours[0]! : random.pick(drawings[name]!.colours),
  depth,
  grounded: place === "ground",
});

const litterOf = (box: Box) => ({
  ...{ name: pebble, box, grounded: false },
  colour: drawings[pebble]!.colours[0]!,
});
