import type { SceneObject, Target } from "../../../src/core/graph/scene-graph.ts";
import { type Random, randomStream } from "../../../src/core/random-stream.ts";
import type { RewardCase } from "./cases.ts";
import { drawBox, drawCopy, drawRelations, times, whole } from "./graphs.ts";
import { drawName } from "./words.ts";

/** How many objects and relations the images of a workload have. */
interface Sizes {
  readonly objects: readonly [from: number, to: number];
  readonly relations: readonly [from: number, to: number];
  /** How often the answer repeats one of its objects. */
  readonly repeats: number;
  readonly completions: number;
}

const sizes = {
  typical: { objects: [8, 15], relations: [8, 20], repeats: 0, completions: 200 },
  large: { objects: [60, 60], relations: [100, 100], repeats: 0, completions: 20 },
  repeated: { objects: [8, 15], relations: [8, 20], repeats: 200, completions: 40 },
} as const satisfies Readonly<Record<string, Sizes>>;

/** What the speed of the rewards is measured on. */
export type Workload = keyof typeof sizes;

/** All workloads: good answers, always the same. */
export const workloads: Readonly<Record<Workload, readonly RewardCase[]>> = {
  typical: drawWorkload("typical"),
  large: drawWorkload("large"),
  repeated: drawWorkload("repeated"),
};

function drawWorkload(name: Workload): readonly RewardCase[] {
  const random = randomStream(`workload ${name}`);
  return times(sizes[name].completions, () => drawCase(sizes[name], random));
}

function drawCase({ objects, relations, repeats }: Sizes, random: Random): RewardCase {
  const [width, height] = [1024, 768];
  const things = times(whole(random, ...objects), (i): SceneObject => {
    const [x1, y1, x2, y2] = drawBox(random);
    const bbox = [x1 * width, y1 * height, x2 * width, y2 * height].map(Math.round);
    return { id: `${drawName(random)}.${i + 1}`, bbox: bbox as unknown as SceneObject["bbox"] };
  });
  const target: Target = {
    ...{ image_id: "1", width, height, objects: things },
    relationships: drawRelations(things, whole(random, ...relations), random),
  };
  const boxScale = [1000, 1000] as const;
  const answer = drawCopy(target, boxScale, 0.8, random);
  const repeated = times(answer.objects.length > 0 ? repeats : 0, () => answer.objects[0]);
  const json = JSON.stringify({
    objects: [...answer.objects, ...repeated],
    relationships: answer.relationships,
  });
  const completion = `<think>I look.</think>\n<answer>${json}</answer>`;
  return { completion, target, task: "sgg", boxScale };
}
