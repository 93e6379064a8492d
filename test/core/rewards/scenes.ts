import type { SceneObject, Target } from "../../../src/core/graph/scene-graph.ts";
import { makeProfile, type ProfileName } from "../../../src/core/rewards/profiles.ts";
import type { Task } from "../../../src/core/rewards/reward.ts";
import { scoreCompletion } from "../../../src/core/rewards/score.ts";
import type { Similarity } from "../../../src/core/similarity/similarity.ts";

/** A man on a horse beside a tree, in an image of 100 by 100, so that boxes are percents. */
export const scene = {
  image_id: "1",
  width: 100,
  height: 100,
  objects: [
    { id: "man.1", bbox: [0, 0, 40, 50] },
    { id: "horse.2", bbox: [0, 50, 50, 100] },
    { id: "tree.3", bbox: [60, 0, 100, 100] },
  ],
  relationships: [
    { subject: "man.1", predicate: "riding", object: "horse.2" },
    { subject: "tree.3", predicate: "near", object: "horse.2" },
  ],
} as const satisfies Target;

/** "person" is half a "man", "on" a quarter of "riding"; else equal or not. */
export const similarity: Similarity = (a, b) => {
  if (a === b) return 1;
  const pair = [a, b].sort().join("|");
  return { "man|person": 0.5, "on|riding": 0.25, "nobody|somebody": -0.5 }[pair] ?? 0;
};

/** An answer in tags, its boxes in percent. */
export const answer = (objects: readonly SceneObject[] | unknown, relationships: unknown): string =>
  `<think>t</think><answer>${JSON.stringify({ objects, relationships })}</answer>`;

/** One reward of an answer by a profile. */
export const rewardBy =
  (profile: ProfileName, name: string, task: Task = "sgg") =>
  (completion: string, target: Target = scene): number =>
    scoreCompletion(completion, target, {
      profile: makeProfile(profile),
      similarity,
      boxScale: [100, 100],
      task,
      rewards: [name],
    }).rewards[name]!;
