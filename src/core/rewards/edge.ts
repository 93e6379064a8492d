import type { Relationship } from "../graph/scene-graph.ts";
import { leastCostPairs } from "../matching/pairs.ts";
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
 *   for the task `det`, and where no matching exists
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
    return (weight * sum) / Math.max(1, target.relationships.length);
  };

/** Over target relations whose two ends are matched, if their matches are related too. */
function sumOfPairs(candidate: Candidate, relations: readonly Relationship[]): number {
  const { objects, target, tools, match } = candidate;
  const pairs = objects.ok ? match() : undefined;
  if (!objects.ok || pairs === undefined) return 0;
  const matchOf = new Map(
    pairs.map((pair) => [target.objects[pair.target]!.id, objects.value[pair.predicted]!.id]),
  );
  const predicates = new Map<string, Map<string, string>>();
  for (const { subject, predicate, object } of relations) {
    const ofSubject = predicates.get(subject) ?? new Map<string, string>();
    predicates.set(subject, ofSubject.set(object, predicate));
  }
  let sum = 0;
  for (const wanted of target.relationships) {
    const subject = matchOf.get(wanted.subject);
    const object = matchOf.get(wanted.object);
    if (subject === undefined || object === undefined) continue;
    const predicate = predicates.get(subject)?.get(object);
    if (predicate !== undefined) {
      sum += relationSimilarity(wanted, { subject, predicate, object }, tools.similarity);
    }
  }
  return sum;
}

/** Over target relations and the predicted ones that are matched to them, by names alone. */
function sumOfRelations({ target, tools }: Candidate, relations: readonly Relationship[]): number {
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
  const pairs = leastCostPairs(cost, relations.length, wanted.length, solver, isOver);
  return (pairs ?? []).reduce(
    (sum, { predicted, target: t }) => sum + products[predicted * wanted.length + t]!,
    0,
  );
}
