import type {
  Box,
  Relationship,
  SceneObject,
  Target,
} from "../../../src/core/graph/scene-graph.ts";
import type { Random } from "../../../src/core/random-stream.ts";
import { drawName, drawPredicate } from "./words.ts";

/** A whole number in from..to, both included. */
export const whole = (random: Random, from: number, to: number): number =>
  Math.floor(random.between(from, to + 1));

/** As many values as `count` says. */
export const times = <T>(count: number, draw: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => draw(index));

/** Objects and relations, boxes in 0..1 or in units of a scale. */
interface UnitGraph {
  readonly objects: readonly SceneObject[];
  readonly relationships: readonly Relationship[];
}

const sizes = [
  ...([
    [500, 375],
    [640, 480],
    [1024, 768],
    [800, 600],
    [333, 500],
    [1, 1],
    [997, 1009],
  ] as const),
  ...([
    [375, 500],
    [427, 640],
    [1280, 720],
    [512, 512],
    [99.5, 40.25],
  ] as const),
] as const;

/** What a model is asked to repeat: an image with ten or so objects, or one where most look alike. */
export function drawTarget(random: Random): Target {
  const [width, height] = random.pick(sizes);
  const { objects, relationships } = random.unit() < 0.7 ? drawScene(random) : drawCrowd(random);
  return {
    image_id: "1",
    width,
    height,
    objects: objects.map(({ id, bbox }) => ({ id, bbox: scaled(bbox, width, height, random) })),
    relationships,
  };
}

/** A scene of different things. */
function drawScene(random: Random): UnitGraph {
  const objects = times(whole(random, 1, 9), (i) => ({
    id: `${drawName(random)}.${i + 1}`,
    bbox: drawBox(random),
  }));
  return { objects, relationships: drawRelations(objects, whole(random, 0, 8), random) };
}

/** Few names on few boxes, so that many matchings cost the same. */
export function drawCrowd(random: Random): UnitGraph {
  const names = times(whole(random, 1, 3), () => drawName(random));
  const boxes = times(whole(random, 1, 4), () => gridBox(random));
  const objects = times(whole(random, 1, 10), (i) => ({
    id: `${random.pick(names)}.${i + 1}`,
    bbox: random.pick(boxes),
  }));
  return { objects, relationships: drawRelations(objects, whole(random, 0, 10), random) };
}

/** Relations between any two of the objects, also between one and itself. */
export const drawRelations = (
  objects: readonly { readonly id: string }[],
  count: number,
  random: Random,
): Relationship[] =>
  times(objects.length === 0 ? 0 : count, () => ({
    subject: random.pick(objects).id,
    predicate: drawPredicate(random),
    object: random.pick(objects).id,
  }));

/** What a model might answer, boxes in units of `scale`: the target with mistakes, or a crowd. */
export function drawAnswer(
  target: Target,
  scale: readonly [number, number],
  random: Random,
): UnitGraph {
  const kind = random.unit();
  if (kind < 0.15) return inUnits(drawCrowd(random), scale, random);
  if (kind < 0.2) return inUnits(drawScene(random), scale, random);
  return drawCopy(target, scale, random.unit(), random);
}

const inUnits = (
  { objects, relationships }: UnitGraph,
  scale: readonly [number, number],
  random: Random,
): UnitGraph => ({
  objects: objects.map(({ id, bbox }) => ({ id, bbox: scaled(bbox, ...scale, random) })),
  relationships,
});

/**
 * A target as a model sees it: some objects missed, misnamed, misplaced or invented.
 *
 * With a care of 1 nothing is, with 0 nearly everything.
 */
export function drawCopy(
  target: Target,
  scale: readonly [number, number],
  care: number,
  random: Random,
): UnitGraph {
  const fails = (share: number): boolean => random.unit() < share * (1 - care);
  const blur = 0.2 * (1 - care);
  const idOf = new Map<string, string>();
  const objects: SceneObject[] = [];
  for (const { id, bbox } of target.objects) {
    if (fails(0.4)) continue;
    const name = fails(0.3) ? drawName(random) : id.replace(/\.\d+$/, "");
    const given = `${name}.${objects.length + 1}`;
    idOf.set(id, given);
    objects.push({ id: given, bbox: blurred(unitBox(bbox, target), blur, random) });
    if (fails(0.2)) objects.push({ id: `${name}.${objects.length + 1}`, bbox: drawBox(random) });
  }
  const relationships = target.relationships.flatMap(({ subject, predicate, object }) => {
    const [from, to] = [idOf.get(subject), idOf.get(object)];
    if (from === undefined || to === undefined || fails(0.4)) return [];
    return [
      { subject: from, predicate: fails(0.5) ? drawPredicate(random) : predicate, object: to },
    ];
  });
  const invented = drawRelations(objects, fails(0.6) ? whole(random, 1, 4) : 0, random);
  const copy = {
    objects: random.unit() < 0.3 ? objects.toReversed() : objects,
    relationships:
      random.unit() < 0.3 ? [...invented, ...relationships] : [...relationships, ...invented],
  };
  return inUnits(copy, scale, random);
}

export function drawBox(random: Random): Box {
  const x = random.between(0, 0.8);
  const y = random.between(0, 0.8);
  return [x, y, x + random.between(0.02, 1 - x), y + random.between(0.02, 1 - y)];
}

function gridBox(random: Random): Box {
  const [x, y] = [whole(random, 0, 2) / 4, whole(random, 0, 2) / 4];
  return [x, y, x + whole(random, 1, 2) / 4, y + whole(random, 1, 2) / 4];
}

const blurred = (box: Box, by: number, random: Random): Box =>
  box.map((corner) => corner + random.between(-by, by)) as unknown as Box;

const unitBox = ([x1, y1, x2, y2]: Box, { width, height }: Target): Box => [
  x1 / width,
  y1 / height,
  x2 / width,
  y2 / height,
];

/** A box in other units, most of the time in whole ones. */
function scaled(box: Box, width: number, height: number, random: Random): Box {
  const isWhole = width > 10 && random.unit() < 0.9;
  return box.map((corner, i) => {
    const value = corner * (i % 2 === 0 ? width : height);
    return isWhole ? Math.round(value) : value;
  }) as unknown as Box;
}
