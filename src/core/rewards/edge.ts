import type { Relationship, SceneObject } from "../graph/scene-graph.ts";
import { leastCostPairs, type Pair } from "../matching/pairs.ts";
import { termTable } from "../matching/term-table.ts";
import { term } from "../similarity/similarity.ts";
import { refineRelation, relationSimilarity } from "./relations.ts";
import type { Candidate, Reward } from "./reward.ts";

/**
 * Soft Recall: how alike is each target relation to the one predicted between the same objects?
 *
 * Objects are the same when they are matched. The value is the product of three similarities:
 * subjects, objects, predicates. Of several relations predicted between two objects the last counts.
 * For the task `cls`, which has no objects, relations are matched among themselves by 1 − product.
 *
 * Range:  at most `weight`, per target relation; similarities may be negative. 0 without relations,
 *   for the task `det`, where no matching exists, and for a predicate that is not Unicode
 * Errors: OverLimit when matching takes too long
 * Source: R1-SGG e4de64d `edge_reward`
 */
export const edgeReward =
  ({ weight }: { readonly weight: number }): Reward =>
  (candidate) => {
    const { task, target } = candidate;
    const relations = candidate.relations();
    if (task === "det" || !relations.ok) return 0;
    const sum = (task === "cls" ? sumOfRelations : sumOfPairs)(candidate, relations.value);
    if (Number.isNaN(sum)) return 0; // a predicate that cannot be compared
    return (weight * sum) / Math.max(1, target.relationships.length);
  };

/** Over target relations whose two ends are matched, if their matches are related too. */
function sumOfPairs(candidate: Candidate, relations: readonly Relationship[]): number {
  const { objects, target, tools, match } = candidate;
  const pairs = objects.ok ? match() : undefined;
  if (!objects.ok || pairs === undefined) return 0;
  const matchOf = matchedIds(target.objects, objects.value, pairs);
  const between = lastBetween(relations);
  let sum = 0;
  for (const wanted of target.relationships) {
    const found = relations[between(matchOf.get(wanted.subject), matchOf.get(wanted.object))];
    if (found) sum += relationSimilarity(wanted, found, tools.similarity);
  }
  return sum;
}

/** The id of each target's match; of equal target ids the last pair counts. */
export const matchedIds = (
  targets: readonly SceneObject[],
  predicted: readonly SceneObject[],
  pairs: readonly Pair[],
): ReadonlyMap<string, string> =>
  new Map(pairs.map((pair) => [targets[pair.target]!.id, predicted[pair.predicted]!.id]));

/** Finds the place of the last relation between two objects; -1 where there is none. */
export function lastBetween(
  relations: readonly Relationship[],
): (subject: string | undefined, object: string | undefined) => number {
  const places = new Map<string, Map<string, number>>();
  for (const [place, { subject, object }] of relations.entries()) {
    const ofSubject = places.get(subject) ?? new Map<string, number>();
    places.set(subject, ofSubject.set(object, place));
  }
  return (subject, object) =>
    subject === undefined || object === undefined ? -1 : (places.get(subject)?.get(object) ?? -1);
}

/** Over target relations and the predicted ones that are matched to them, by names alone. */
const sumOfRelations = (candidate: Candidate, relations: readonly Relationship[]): number =>
  matchRelations(candidate, relations).reduce((sum, { product }) => sum + product, 0);

/**
 * Pairs of predicted and target relations with the product of their similarities, least 1 − product.
 *
 * Range:  empty where no matching exists
 * Errors: OverLimit when matching takes too long
 */
export function matchRelations(
  { target, tools }: Candidate,
  relations: readonly Relationship[],
): readonly (Pair & { readonly product: number })[] {
  const { similarity, solver, isOver } = tools;
  const wanted = target.relationships.map(refineRelation);
  const tables = (["subject", "predicate", "object"] as const).map((field) => {
    const termsOf = (all: readonly Relationship[]) => all.map((one) => term(one[field]));
    return termTable(termsOf(relations), termsOf(wanted), similarity, isOver);
  });
  const products = new Float64Array(relations.length * wanted.length);
  let at = 0;
  for (let p = 0; p < relations.length; p += 1) {
    for (let t = 0; t < wanted.length; t += 1) {
      products[at] = tables.reduce((product, table) => product * table(p, t), 1);
      at += 1;
    }
  }
  const cost = products.map((product) => 1 - product);
  const pairs = leastCostPairs(cost, relations.length, wanted.length, solver, isOver) ?? [];
  return pairs.map((pair) => ({
    ...pair,
    product: products[pair.predicted * wanted.length + pair.target]!,
  }));
}
