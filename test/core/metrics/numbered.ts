import type { Box, SceneGraph } from "../../../src/core/graph/scene-graph.ts";
import type { EvaluationRow } from "../../../src/core/metrics/judge.ts";
import { uniform } from "../../../src/core/random.ts";

/** A graph in numbers, as test/oracle/sgdet.py reads it: ends of triplets are places in `objects`. */
export interface NumberedGraph {
  readonly objects: readonly (readonly [name: number, ...box: Box])[];
  readonly triplets: readonly (readonly [subject: number, predicate: number, object: number])[];
}

/** An image in numbers; no answer is a failure. */
export interface NumberedImage {
  readonly truth: NumberedGraph;
  readonly answer: NumberedGraph | null;
}

/** How many there are of what, and whether anything may occur twice. */
export interface Crowd {
  readonly classes: number;
  readonly predicates: number;
  readonly objects: number;
  readonly triplets: number;
  /** Then no class occurs twice in a graph, and no ordered pair in its triplets. */
  readonly isUnambiguous?: boolean;
}

/** Names of the numbers, as `toRow` writes them. */
export const namesOf = ({ classes, predicates }: Crowd) => ({
  objects: Array.from({ length: classes }, (_, i) => `thing${i}`),
  predicates: Array.from({ length: predicates }, (_, i) => `does${i}`),
});

/** The image as a row of an evaluation. */
export function toRow({ truth, answer }: NumberedImage, place: number): EvaluationRow {
  const target = { image_id: `image ${place}`, width: 400, height: 400, ...toGraph(truth) };
  const prediction = answer
    ? ({ ok: true, graph: toGraph(answer) } as const)
    : ({ ok: false, reason: "no JSON" } as const);
  return { target, prediction };
}

function toGraph({ objects, triplets }: NumberedGraph): SceneGraph {
  const id = (place: number) => `thing${objects[place]![0]}.${place + 1}`;
  return {
    objects: objects.map(([, ...bbox], place) => ({ id: id(place), bbox })),
    relationships: triplets.map(([subject, predicate, object]) => ({
      subject: id(subject),
      predicate: `does${predicate}`,
      object: id(object),
    })),
  };
}

/** Random images with answers that repeat, move, rename, drop and invent; the same for one seed. */
export function numberedImages(count: number, seed: number, crowd: Crowd): NumberedImage[] {
  const random = uniform(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const anyBox = (): Box => {
    const [x, y] = [below(300), below(300)];
    return [x, y, x + 8 + below(90), y + 8 + below(90)];
  };
  const moved = ([x1, y1, x2, y2]: Box): Box => {
    const by = (size: number) => Math.round((random() - 0.5) * 0.5 * size);
    const [a, b] = [x1 + by(x2 - x1), y1 + by(y2 - y1)];
    return [a, b, Math.max(a + 1, x2 + by(x2 - x1)), Math.max(b + 1, y2 + by(y2 - y1))];
  };
  const unique = <T>(list: readonly T[], key: (one: T) => unknown): readonly T[] =>
    crowd.isUnambiguous ? [...new Map(list.map((one) => [key(one), one])).values()] : list;
  const objects = (more: NumberedGraph["objects"]): NumberedGraph["objects"] => {
    const fresh = Array.from({ length: below(crowd.objects + 1) }, () => {
      return [below(crowd.classes), ...anyBox()] as const;
    });
    return unique([...fresh, ...more], ([name]) => name);
  };
  const triplets = (ends: number, more: NumberedGraph["triplets"]): NumberedGraph["triplets"] => {
    if (ends === 0) return [];
    const fresh = Array.from({ length: below(crowd.triplets + 1) }, () => {
      return [below(ends), below(crowd.predicates), below(ends)] as const;
    });
    return unique([...fresh, ...more], ([subject, , object]) => `${subject} ${object}`);
  };
  return Array.from({ length: count }, () => {
    const things = objects([]);
    const truth = { objects: things, triplets: triplets(things.length, []) };
    if (below(20) === 0) return { truth, answer: null };
    const again = truth.objects
      .filter(() => random() < 0.8)
      .flatMap(([name, ...box]) => {
        const said = random() < 0.9 ? name : below(crowd.classes);
        return Array.from({ length: 1 + below(2) }, () => [said, ...moved(box)] as const);
      });
    const said = objects(again);
    // A true triplet is said again of the first objects of the right names.
    const place = (end: number) => said.findIndex(([name]) => name === truth.objects[end]![0]);
    const right = truth.triplets
      .filter(() => random() < 0.8)
      .map(([subject, predicate, object]) => [place(subject), predicate, place(object)] as const)
      .filter(([subject, , object]) => subject >= 0 && object >= 0);
    return { truth, answer: { objects: said, triplets: triplets(said.length, right) } };
  });
}
