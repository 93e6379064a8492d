import { category, refine } from "../graph/names.ts";
import type { LooseRelationship } from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import { type Boxes, boxesById, endIou } from "./ends.ts";
import type { FaultyRelation } from "./relations.ts";
import type { Reward } from "./reward.ts";

/**
 * Hard Recall: the share of target relations that a predicted one repeats.
 *
 * A hit has the same predicate, the same class at both ends and an IoU of at least 0.5 at both
 * ends. One prediction may serve several targets. An IoU of NaN is not below 0.5 and counts as
 * reached. Predictions are looked at in order, and a relation that is faulty, or names an object
 * that is not there, makes the whole reward 0, but only if the search gets as far as to need it;
 * unless such relations are `skipped`.
 *
 * Range:  [0, weight]; 0 without target relations or objects, as for the tasks `det` and `cls`, and
 *   when the answer's objects cannot be read
 * Errors: none
 * Source: R1-SGG e4de64d `edge_hard_reward`
 */
export const edgeHardReward =
  ({ weight }: { readonly weight: number }): Reward =>
  (candidate) => {
    const { objects, target, faultyRelation } = candidate;
    const relations = candidate.looseRelations();
    if (!objects.ok || relations === undefined) return 0;
    const boxes = { target: boxesById(target.objects), predicted: boxesById(objects.value) };
    let hits = 0;
    for (const relation of target.relationships) {
      const hit = findRelation(relation, relations, boxes, faultyRelation);
      if (hit === undefined) return 0;
      if (hit >= 0) hits += 1;
    }
    return (weight * hits) / Math.max(1, target.relationships.length);
  };

/**
 * Place of the first prediction that repeats `wanted`, or -1; `undefined` where a fatal one is met.
 *
 * Unit:   boxes of both graphs in the same
 * Errors: none
 */
export function findRelation(
  wanted: Relationship,
  relations: readonly LooseRelationship[],
  boxes: Boxes,
  faulty: FaultyRelation,
): number | undefined {
  const predicate = refine(wanted.predicate);
  const subjectClass = category(refine(wanted.subject));
  const objectClass = category(refine(wanted.object));
  for (const [place, found] of relations.entries()) {
    if (found.predicate !== undefined && found.predicate !== predicate) continue;
    const subjectIou = endIou(boxes, wanted.subject, found.subject);
    const objectIou = endIou(boxes, wanted.object, found.object);
    if (found.predicate === undefined || subjectIou === undefined || objectIou === undefined) {
      if (faulty === "fatal") return undefined;
      continue;
    }
    if (subjectIou < 0.5 || objectIou < 0.5) continue;
    if (category(found.subject!) === subjectClass && category(found.object!) === objectClass) {
      return place;
    }
  }
  return -1;
}
