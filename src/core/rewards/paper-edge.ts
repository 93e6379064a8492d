import type { Relationship } from "../graph/scene-graph.ts";
import { isMore, relationSimilarity } from "./relations.ts";
import type { Candidate, Reward } from "./reward.ts";

/**
 * The paper's edge reward: how alike are predicted relations to those between the same objects?
 *
 * Objects are the same when they are matched. The sum goes over the set of predicted edges, so it
 * can exceed the number of targets; of several target relations between two objects the most alike
 * counts. The text has no weight, and divides by the number of target edges.
 *
 * Range:  0 for the tasks `det` and `cls`, which the paper does not have, where no matching exists,
 *   and for a predicate that is not Unicode
 * Errors: OverLimit when matching takes too long
 * Source: paper v1, Eq. 6 and 7
 */
export const paperEdgeReward: Reward = (candidate) => {
  const { task, objects, target } = candidate;
  const relations = candidate.relations();
  if (task !== "sgg" || !objects.ok || !relations.ok) return 0;
  const sum = creditedEdges(candidate, relations.value).reduce((all, { value }) => all + value, 0);
  return Number.isNaN(sum) ? 0 : sum / Math.max(1, target.relationships.length);
};

/** A predicted edge and the target relation that is most like it, by their places. */
export interface CreditedEdge {
  readonly predicted: number;
  readonly target: number;
  readonly value: number;
}

/**
 * The set of predicted edges whose ends' matches are related, in order.
 *
 * Errors: OverLimit when matching takes too long
 */
export function creditedEdges(
  { objects, target, tools, match }: Candidate,
  relations: readonly Relationship[],
): readonly CreditedEdge[] {
  if (!objects.ok) return [];
  const targetOf = new Map(
    (match() ?? []).map((pair) => [
      objects.value[pair.predicted]!.id,
      target.objects[pair.target]!.id,
    ]),
  );
  const seen = new Set<string>();
  return relations.flatMap((found, predicted) => {
    const key = JSON.stringify([found.subject, found.predicate, found.object]);
    if (seen.has(key)) return [];
    seen.add(key);
    const subject = targetOf.get(found.subject);
    const object = targetOf.get(found.object);
    if (subject === undefined || object === undefined) return [];
    let best: CreditedEdge | undefined;
    for (const [place, wanted] of target.relationships.entries()) {
      if (wanted.subject !== subject || wanted.object !== object) continue;
      const value = relationSimilarity(wanted, found, tools.similarity);
      if (best === undefined || isMore(value, best.value))
        best = { predicted, target: place, value };
    }
    return best ? [best] : [];
  });
}
