import type { LooseRelationship } from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import type { Similarity } from "../similarity/similarity.ts";
import { type Boxes, boxesById, endIou } from "./ends.ts";
import {
  type FaultyRelation,
  isMore,
  isWhole,
  refineRelation,
  relationSimilarity,
} from "./relations.ts";
import type { Reward } from "./reward.ts";

/**
 * Hard Recall+Relax: boxes must fit, names need only be alike.
 *
 * Of all predicted relations whose two boxes reach an IoU of 0.5 with the target's the most alike
 * counts: product of the similarities of subjects, objects and predicates.
 *
 * Range:  at most weight; similarities may be negative. 0 without target relations or objects, as
 *   for the tasks `det` and `cls`
 * Errors: OverLimit through the similarity alone
 * Source: R1-SGG e4de64d `edge_hard_relax_reward`
 */
export const edgeHardRelaxReward =
  ({ weight }: { readonly weight: number }): Reward =>
  (candidate) => {
    const { objects, target, tools, faultyRelation } = candidate;
    const relations = candidate.looseRelations();
    if (!objects.ok || relations === undefined) return 0;
    const boxes = { target: boxesById(target.objects), predicted: boxesById(objects.value) };
    let sum = 0;
    for (const wanted of target.relationships) {
      const best = mostAlike(wanted, relations, boxes, faultyRelation, tools.similarity);
      if (best === undefined) return 0;
      sum += best.value;
    }
    if (Number.isNaN(sum)) return 0; // a name that cannot be compared
    return (weight * sum) / Math.max(1, target.relationships.length);
  };

/**
 * The most alike of the predictions whose boxes fit, by its place: -1 and 0 where no boxes fit,
 * `undefined` where a fatal one is met. A predicate is asked for only where both boxes fit.
 *
 * Unit:   boxes of both graphs in the same
 * Range:  a value may be negative, as similarities may, or NaN
 * Errors: OverLimit through the similarity alone
 */
export function mostAlike(
  wanted: Relationship,
  relations: readonly LooseRelationship[],
  boxes: Boxes,
  faulty: FaultyRelation,
  similarity: Similarity,
): { readonly place: number; readonly value: number } | undefined {
  const refined = refineRelation(wanted);
  let best: { readonly place: number; readonly value: number } | undefined;
  for (const [place, found] of relations.entries()) {
    const subjectIou = endIou(boxes, wanted.subject, found.subject);
    const objectIou = endIou(boxes, wanted.object, found.object);
    if (subjectIou === undefined || objectIou === undefined) {
      if (faulty === "fatal") return undefined;
      continue;
    }
    if (subjectIou < 0.5 || objectIou < 0.5) continue;
    if (!isWhole(found)) {
      if (faulty === "fatal") return undefined;
      continue;
    }
    const value = relationSimilarity(refined, found, similarity);
    if (best === undefined || isMore(value, best.value)) best = { place, value };
  }
  return best ?? { place: -1, value: 0 };
}
