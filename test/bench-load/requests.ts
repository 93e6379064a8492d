import { vg150 } from "../../src/core/classes/vg150.ts";
import type { Random } from "../../src/core/random-stream.ts";

const between = (random: Random, from: number, to: number) =>
  Math.floor(random.between(from, to + 1));

function box(random: Random): number[] {
  const [x, y] = [between(random, 0, 800), between(random, 0, 800)];
  return [x, y, x + between(random, 20, 199), y + between(random, 20, 199)];
}

/** A scene of 8 to 15 objects and as many relations, VG150 names, boxes in 0..1000. */
function scene(random: Random) {
  const objects = Array.from({ length: between(random, 8, 15) }, (_, i) => ({
    id: `${random.pick(vg150.objects)}.${i + 1}`,
    bbox: box(random),
  }));
  const relationships = objects.map(() => ({
    subject: random.pick(objects).id,
    predicate: random.pick(vg150.predicates),
    object: random.pick(objects).id,
  }));
  return { objects, relationships };
}

/** What a model might answer: boxes off by a little, one name in five another, now and then a made-up one. */
function answer({ objects, relationships }: ReturnType<typeof scene>, random: Random): string {
  const renamed = new Map(
    objects.map(({ id }, i) => {
      const draw = random.unit();
      if (draw > 0.2) return [id, id] as const;
      const name = draw < 0.002 ? `thing ${random.unit()}` : random.pick(vg150.objects);
      return [id, `${name}.${i + 1}`] as const;
    }),
  );
  const graph = {
    objects: objects.map(({ id, bbox }) => ({
      id: renamed.get(id),
      bbox: bbox.map((value) => value + between(random, -15, 15)),
    })),
    relationships: relationships.map(({ subject, predicate, object }) => ({
      subject: renamed.get(subject),
      predicate,
      object: renamed.get(object),
    })),
  };
  return `<think>I look at it.</think>\n<answer>${JSON.stringify(graph)}</answer>`;
}

/** The body of a request: groups of eight answers to the same image, as GRPO samples them. */
export function requestBody(random: Random, completions: number, requestId: string): Buffer {
  const scenes = Array.from({ length: Math.ceil(completions / 8) }, () => scene(random));
  const rows = Array.from({ length: completions }, (_, i) => scenes[Math.floor(i / 8)]!);
  const body = {
    completions: rows.map((row) => answer(row, random)),
    targets: rows.map((row, i) => ({ image_id: String(i), width: 1000, height: 1000, ...row })),
    request_id: requestId,
  };
  return Buffer.from(JSON.stringify(body));
}
