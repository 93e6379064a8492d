import { iou } from "../geometry/iou.ts";
import { l1 } from "../geometry/l1.ts";
import type { SceneObject } from "../graph/scene-graph.ts";
import { type Similarity, term } from "../similarity/similarity.ts";
import type { Reward } from "./reward.ts";

/** What one matched pair is worth. */
type PairValue = (target: SceneObject, predicted: SceneObject, similarity: Similarity) => number;

/** λ of the paper's Eq. 4: of the names, of IoU, of exp(−L1). */
export type NodeWeights = readonly [similarity: number, iou: number, distance: number];

/**
 * Do the objects have the right names? Mean over the targets of the similarity of their match.
 *
 * Range:  at most `weight`; similarities may be negative, and so may the reward. 0 without objects
 *   on either side, for the task `cls`, and where no matching exists
 * Errors: OverLimit when matching takes too long
 * Source: R1-SGG e4de64d `node_acc_reward`
 */
export const nodeAccReward = ({ weight }: { readonly weight: number }): Reward =>
  perTarget(
    (target, predicted, similarity) => weight * nameSimilarity(target, predicted, similarity),
  );

/**
 * Are the boxes in the right places? Mean over the targets of (2 · IoU + 5 · exp(−L1)) / 7.
 *
 * Range:  [0, weight] for boxes that are not inverted; 0 as for `nodeAccReward`
 * Errors: OverLimit when matching takes too long
 * Source: R1-SGG e4de64d `node_box_reward`
 */
export const nodeBoxReward = ({ weight }: { readonly weight: number }): Reward =>
  perTarget(({ bbox: a }, { bbox: b }) => (weight * (2 * iou(a, b) + 5 * Math.exp(-l1(a, b)))) / 7);

/**
 * The paper's node reward: mean over the targets of λ1 · similarity + λ2 · IoU + λ3 · exp(−L1).
 *
 * Range:  at most λ1 + λ2 + λ3; 0 as for `nodeAccReward`
 * Errors: OverLimit when matching takes too long
 * Source: paper v1, Eq. 4 and 5; it gives no λ, ours are those of the matching cost
 */
export const nodeReward = ([ofName, ofIou, ofDistance]: NodeWeights): Reward =>
  perTarget(
    (target, predicted, similarity) =>
      ofName * nameSimilarity(target, predicted, similarity) +
      ofIou * iou(target.bbox, predicted.bbox) +
      ofDistance * Math.exp(-l1(target.bbox, predicted.bbox)),
  );

const nameSimilarity = (target: SceneObject, predicted: SceneObject, similarity: Similarity) =>
  similarity(term(target.id), term(predicted.id));

function perTarget(value: PairValue): Reward {
  return ({ task, objects, target, tools, match }) => {
    if (task === "cls" || !objects.ok) return 0;
    let sum = 0;
    for (const pair of match() ?? []) {
      sum += value(target.objects[pair.target]!, objects.value[pair.predicted]!, tools.similarity);
    }
    return sum / Math.max(1, target.objects.length);
  };
}
