import type { Relationship } from "../graph/scene-graph.ts";
import { lastBetween, matchedIds, matchRelations } from "../rewards/edge.ts";
import { refineRelation } from "../rewards/relations.ts";
import type { Candidate } from "../rewards/reward.ts";
import { dividedBy, type Explained, type Explainer } from "./explainer.ts";
import type { RelationPart } from "./explanation.ts";
import { shown } from "./figure.ts";
import { inWords, listedPlaces, namesAlike, placed, productText } from "./relations.ts";

/** Explains `edge_reward`: what is said between the matches of two targets, and how alike it is. */
export const explainEdge =
  ({ weight }: { readonly weight: number }): Explainer =>
  (candidate) => {
    const { task, objects, target } = candidate;
    if (task === "det") return { because: "the task det has no relations" };
    const relations = candidate.relations();
    if (!relations.ok) return { because: relations.reason };
    if (task === "sgg" && !objects.ok) return { because: objects.reason };
    if (task === "sgg" && !candidate.match()) return { because: "no matching of objects exists" };
    const count = target.relationships.length;
    const parts = (task === "cls" ? partsOfRelations : partsOfPairs)(candidate, relations.value);
    return summed(parts, weight, count);
  };

/** Parts with their values before weight and division, put together. */
function summed(parts: readonly RelationPart[], weight: number, count: number): Explained {
  const sum = parts.reduce((all, { value }) => all + value, 0);
  if (Number.isNaN(sum)) {
    const because = "a predicate that is no Unicode cannot be compared";
    return { because, relations: parts.map((part) => ({ ...part, value: 0 })) };
  }
  const share = weight / Math.max(1, count);
  return {
    way: `${shown(weight)} · ${shown(sum)} (sum of similarities) ${dividedBy(count, "relation")}`,
    relations: parts.map((part) => ({ ...part, value: share * part.value })),
  };
}

function partsOfPairs(
  candidate: Candidate,
  relations: readonly Relationship[],
): readonly RelationPart[] {
  const { objects, target, tools, match } = candidate;
  const places = listedPlaces(candidate);
  const found = objects.ok ? objects.value : [];
  const matchOf = matchedIds(target.objects, found, match() ?? []);
  const between = lastBetween(relations);
  return target.relationships.map((wanted, place) => {
    const [subject, object] = [matchOf.get(wanted.subject), matchOf.get(wanted.object)];
    const at = between(subject, object);
    if (at < 0) {
      return miss(wanted, place, whyUnrelated(wanted, subject, object, relations, between));
    }
    return hit(wanted, place, relations[at]!, places[at]!, tools.similarity);
  });
}

/** Why nothing is said between the matches of a relation's ends. */
function whyUnrelated(
  wanted: Relationship,
  subject: string | undefined,
  object: string | undefined,
  relations: readonly Relationship[],
  between: ReturnType<typeof lastBetween>,
): string {
  const alone = [
    ...(subject === undefined ? [`subject ${wanted.subject}`] : []),
    ...(object === undefined ? [`object ${wanted.object}`] : []),
  ];
  if (alone.length > 0) return `${alone.join(" and ")} not matched`;
  const back = relations[between(object, subject)];
  const way = back ? `, only the other way round: ${inWords(back)}` : "";
  return `nothing is said of ${subject} and ${object}, their matches${way}`;
}

function partsOfRelations(
  candidate: Candidate,
  relations: readonly Relationship[],
): readonly RelationPart[] {
  const { target, tools } = candidate;
  const places = listedPlaces(candidate);
  const matched = new Map(
    matchRelations(candidate, relations).map((pair) => [pair.target, pair.predicted]),
  );
  return target.relationships.map((wanted, place) => {
    const at = matched.get(place);
    if (at === undefined) return miss(wanted, place, "no predicted relation is left for it");
    return hit(
      wanted,
      place,
      relations[at]!,
      places[at]!,
      tools.similarity,
      refineRelation(wanted),
    );
  });
}

const miss = (wanted: Relationship, place: number, because: string): RelationPart => ({
  ...wanted,
  place,
  verdict: "miss",
  value: 0,
  because,
  by: [],
});

function hit(
  wanted: Relationship,
  place: number,
  found: Relationship,
  at: number,
  similarity: Candidate["tools"]["similarity"],
  compared = wanted,
): RelationPart {
  const alike = namesAlike(compared, found, similarity);
  return {
    ...wanted,
    place,
    verdict: "hit",
    value: Number(alike.subject) * Number(alike.object) * Number(alike.predicate),
    because: `said as ${inWords(found)}, ${productText(alike)}`,
    by: [{ ...placed(found, at), similarity: alike }],
  };
}
