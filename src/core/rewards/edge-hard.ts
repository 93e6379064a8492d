import { iou } from "../geometry/iou.ts";
import { category, refine } from "../graph/names.ts";
import { type LooseRelationship, listItems, looseRelationship } from "../graph/read-answer.ts";
import type { Box, Relationship, SceneObject } from "../graph/scene-graph.ts";
import type { Reward } from "./reward.ts";

/** The boxes of both graphs by id; of equal ids the last counts. */
interface Boxes {
  readonly target: ReadonlyMap<string, Box>;
  readonly predicted: ReadonlyMap<string, Box>;
}

/**
 * Hard Recall: the share of target relations that a predicted one repeats.
 *
 * A hit has the same predicate, the same class at both ends and an IoU of at least 0.5 at both
 * ends. One prediction may serve several targets. An IoU of NaN is not below 0.5 and counts as
 * reached. Predictions are looked at in order, and a relation that is faulty, or names an object
 * that is not there, makes the whole reward 0, but only if the search gets as far as to need it.
 *
 * Range:  [0, weight]; 0 without target relations or objects, as for the tasks `det` and `cls`, and
 *   when the answer's objects cannot be read
 * Errors: none
 * Source: R1-SGG e4de64d `edge_hard_reward`
 */
export const edgeHardReward =
  ({ weight }: { readonly weight: number }): Reward =>
  ({ answer, objects, target }) => {
    if (!answer.ok || !objects.ok) return 0;
    const relations = listItems(answer.value.relationships)?.map(looseRelationship);
    if (relations === undefined) return 0;
    const boxes = { target: boxesById(target.objects), predicted: boxesById(objects.value) };
    let hits = 0;
    for (const relation of target.relationships) {
      const hit = isFound(relation, relations, boxes);
      if (hit === undefined) return 0;
      if (hit) hits += 1;
    }
    return (weight * hits) / Math.max(1, target.relationships.length);
  };

const boxesById = (objects: readonly SceneObject[]): ReadonlyMap<string, Box> =>
  new Map(objects.map(({ id, bbox }) => [id, bbox]));

/** Whether a prediction repeats `wanted`; `undefined` where the reference ends in a KeyError. */
function isFound(
  wanted: Relationship,
  relations: readonly LooseRelationship[],
  boxes: Boxes,
): boolean | undefined {
  const predicate = refine(wanted.predicate);
  const subjectClass = category(refine(wanted.subject));
  const objectClass = category(refine(wanted.object));
  for (const found of relations) {
    if (found.predicate === undefined) return undefined;
    if (found.predicate !== predicate) continue;
    const subjectIou = endIou(boxes, wanted.subject, found.subject);
    const objectIou = endIou(boxes, wanted.object, found.object);
    if (subjectIou === undefined || objectIou === undefined) return undefined;
    if (subjectIou < 0.5 || objectIou < 0.5) continue;
    if (category(found.subject!) === subjectClass && category(found.object!) === objectClass) {
      return true;
    }
  }
  return false;
}

function endIou(boxes: Boxes, wantedId: string, foundId: string | undefined): number | undefined {
  const wanted = boxes.target.get(wantedId);
  const found = foundId === undefined ? undefined : boxes.predicted.get(foundId);
  return wanted && found ? iou(wanted, found) : undefined;
}
