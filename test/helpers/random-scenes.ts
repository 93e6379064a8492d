import { vg150 } from "../../src/core/classes/vg150.ts";
import type { Box, SceneObject, Target } from "../../src/core/graph/scene-graph.ts";
import { uniform } from "../../src/core/random.ts";

/** A random image of VG150, and an answer that gets part of it right. */
export interface RandomImage {
  readonly target: Target;
  readonly response: string;
}

const [width, height] = [800, 600];

/** Images of about 12 objects and 15 relations, the same for the same seed; one answer in 50 is prose. */
export function* randomImages(count: number, seed: number): Generator<RandomImage> {
  const random = uniform(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  /** Skewed, as in life: the first names are many times as frequent as the last. */
  const pick = (names: readonly string[]) => names[Math.floor(names.length * random() ** 2)]!;
  const anyBox = (): Box => {
    const [x, y] = [below(width - 60), below(height - 60)];
    return [x, y, x + 10 + below(width - x - 10), y + 10 + below(height - y - 10)];
  };
  const moved = ([x1, y1, x2, y2]: Box): Box => {
    const by = (size: number) => (random() - 0.5) * 0.4 * size;
    const [w, h] = [x2 - x1, y2 - y1];
    const [a, b] = [Math.max(0, x1 + by(w)), Math.max(0, y1 + by(h))];
    return [a, b, Math.max(a + 1, x2 + by(w)), Math.max(b + 1, y2 + by(h))];
  };
  const relations = (objects: readonly SceneObject[], most: number) =>
    Array.from({ length: most }, () => ({
      subject: objects[below(objects.length)]!.id,
      predicate: pick(vg150.predicates),
      object: objects[below(objects.length)]!.id,
    }));
  for (let i = 0; i < count; i += 1) {
    const objects = Array.from({ length: 8 + below(9) }, (_, k) => ({
      id: `${pick(vg150.objects)}.${k + 1}`,
      bbox: anyBox(),
    }));
    const relationships = relations(objects, 10 + below(11));
    const said = [
      ...objects.filter(() => random() < 0.7).map(({ id, bbox }) => ({ id, bbox: moved(bbox) })),
      ...Array.from({ length: below(6) }, (_, k) => ({
        id: `${pick(vg150.objects)}.${k + 50}`,
        bbox: anyBox(),
      })),
    ];
    const kept = new Set(said.map(({ id }) => id));
    const answer = {
      objects: said.map(({ id, bbox }) => ({ id, bbox: perMille(bbox) })),
      relationships: [
        ...relationships.filter(
          (one) => kept.has(one.subject) && kept.has(one.object) && random() < 0.7,
        ),
        ...(said.length > 0 ? relations(said, below(9)) : []),
      ],
    };
    const text = JSON.stringify(answer);
    yield {
      target: { image_id: String(1_000_000 + i), width, height, objects, relationships },
      response:
        below(50) === 0 ? "I see a street." : `<think>Looking.</think><answer>${text}</answer>`,
    };
  }
}

const perMille = ([x1, y1, x2, y2]: Box) => [
  Math.trunc((x1 / width) * 1000),
  Math.trunc((y1 / height) * 1000),
  Math.trunc((x2 / width) * 1000),
  Math.trunc((y2 / height) * 1000),
];
