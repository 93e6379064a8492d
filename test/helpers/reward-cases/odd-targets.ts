import type {
  Box,
  Relationship,
  SceneObject,
  Target,
} from "../../../src/core/graph/scene-graph.ts";
import type { Random } from "../../../src/core/random-stream.ts";
import { whole } from "./graphs.ts";
import { oddNames, oddPredicates } from "./words.ts";

type Change = (target: Target, random: Random) => Partial<Target>;

/** One object changed, or all of them if there are no others to be left alone. */
const changeObject = (
  { objects }: Target,
  random: Random,
  change: (object: SceneObject) => Partial<SceneObject>,
): Partial<Target> => {
  const chosen = whole(random, 0, objects.length - 1);
  return { objects: objects.map((one, i) => (i === chosen ? { ...one, ...change(one) } : one)) };
};

const changeRelation = (
  { relationships }: Target,
  random: Random,
  change: (relation: Relationship) => Partial<Relationship>,
): Partial<Target> => {
  const chosen = whole(random, 0, relationships.length - 1);
  return {
    relationships: relationships.map((one, i) => (i === chosen ? { ...one, ...change(one) } : one)),
  };
};

const wellFormed = oddNames.filter((name) => name.isWellFormed());

/** What the reference takes without a word, though no data set should hold it. */
const changes: readonly Change[] = [
  (target, random) =>
    changeObject(target, random, () => ({ id: random.pick(target.objects)?.id ?? "man.1" })),
  (target, random) =>
    changeObject(target, random, () => ({
      id: random.pick(wellFormed) + random.pick(["", ".1", ".2", ".x"]),
    })),
  (target, random) => changeObject(target, random, ({ id }) => ({ id: id.toUpperCase() })),
  (target, random) =>
    changeObject(target, random, ({ bbox: [x1, y1, x2, y2] }) => ({
      bbox: random.pick<Box>([
        [x1, y1, x1, y1],
        [x1, y1, x1, y2],
        [x2, y2, x1, y1],
        [x2, y1, x1, y2],
        [-x1 - 5, y1, x2, y2],
        [x1, y1, x2 + 5000, y2 * 3],
        [0, 0, 0, 0],
        [x1 + 0.25, y1 + 0.5, x2 - 0.125, y2],
        [-1e300, -1e300, 1e300, 1e300],
      ]),
    })),
  (target) => ({
    objects: target.objects.map(({ id }) => ({ id, bbox: target.objects[0]!.bbox })),
  }),
  (target, random) =>
    changeRelation(target, random, () => ({ [random.pick(["subject", "object"])]: "x.77" })),
  (target, random) =>
    changeRelation(target, random, () => ({
      predicate: random.pick(oddPredicates.filter((one) => one.isWellFormed())),
    })),
  (target, random) =>
    changeRelation(target, random, ({ subject, object }) => ({ subject: object, object: subject })),
  ({ relationships }) => ({ relationships: [...relationships, ...relationships.slice(0, 2)] }),
  (target, random) => ({
    relationships: [
      ...target.relationships,
      ...target.relationships
        .slice(0, 2)
        .map((one) => ({ ...one, predicate: random.pick(oddPredicates.slice(0, 8)) })),
    ],
  }),
  () => ({ relationships: [] }),
  () => ({ objects: [] }),
  () => ({ objects: [], relationships: [] }),
];

/** A target with one to three oddities. */
export function oddTarget(target: Target, random: Random): Target {
  let odd = target;
  for (let left = whole(random, 1, 3); left > 0; left -= 1) {
    odd = { ...odd, ...random.pick(changes)(odd, random) };
  }
  return odd;
}
