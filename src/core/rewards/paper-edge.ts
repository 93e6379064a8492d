import { relationSimilarity } from "./relations.ts";
import type { Reward } from "./reward.ts";

/**
 * The paper's edge reward: how alike are predicted relations to those between the same objects?
 *
 * Objects are the same when they are matched. The sum goes over the set of predicted edges, so it
 * can exceed the number of targets; of several target relations between two objects the most alike
 * counts. The text has no weight, and divides by the number of target edges.
 *
 * Range:  0 for the tasks `det` and `cls`, which the paper does not have, and where no matching exists
 * Errors: OverLimit when matching takes too long
 * Source: paper v1, Eq. 6 and 7
 */
export const paperEdgeReward: Reward = (candidate) => {
  const { task, objects, target, tools } = candidate;
  const relations = candidate.relations();
  if (task !== "sgg" || !objects.ok || !relations.ok) return 0;
  const pairs = candidate.match() ?? [];
  const targetOf = new Map(
    pairs.map((pair) => [objects.value[pair.predicted]!.id, target.objects[pair.target]!.id]),
  );
  const seen = new Set<string>();
  let sum = 0;
  for (const found of relations.value) {
    const key = JSON.stringify([found.subject, found.predicate, found.object]);
    if (seen.has(key)) continue;
    seen.add(key);
    const subject = targetOf.get(found.subject);
    const object = targetOf.get(found.object);
    if (subject === undefined || object === undefined) continue;
    const values = target.relationships
      .filter((wanted) => wanted.subject === subject && wanted.object === object)
      .map((wanted) => relationSimilarity(wanted, found, tools.similarity));
    if (values.length > 0) sum += Math.max(...values);
  }
  return sum / Math.max(1, target.relationships.length);
};
