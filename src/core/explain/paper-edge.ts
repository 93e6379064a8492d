import { type CreditedEdge, creditedEdges } from "../rewards/paper-edge.ts";
import { dividedBy, type Explainer } from "./explainer.ts";
import type { Compared, RelationPart } from "./explanation.ts";
import { counted, shown } from "./figure.ts";
import { inWords, listedPlaces, namesAlike, placed, productText } from "./relations.ts";

/** Explains the paper's edge reward, which sums over predictions: each is told at its target. */
export const explainPaperEdge: Explainer = (candidate) => {
  const { task, objects, target, tools } = candidate;
  const relations = candidate.relations();
  if (task !== "sgg") return { because: `this profile has it for the task sgg only` };
  if (!objects.ok) return { because: objects.reason };
  if (!relations.ok) return { because: relations.reason };
  if (!candidate.match()) return { because: "no matching of objects exists" };
  const places = listedPlaces(candidate);
  const edges = creditedEdges(candidate, relations.value);
  const count = target.relationships.length;
  const byTarget = Map.groupBy(edges, (edge) => edge.target);
  const comparedAt = (edge: CreditedEdge, wanted: number): Compared => {
    const found = relations.value[edge.predicted]!;
    const similarity = namesAlike(target.relationships[wanted]!, found, tools.similarity);
    return { ...placed(found, places[edge.predicted]!), similarity };
  };
  const sum = edges.reduce((all, { value }) => all + value, 0);
  const share = Number.isNaN(sum) ? 0 : 1 / Math.max(1, count);
  const parts = target.relationships.map((wanted, place): RelationPart => {
    const mine = byTarget.get(place) ?? [];
    const by = mine.map((edge) => comparedAt(edge, place));
    const value = mine.reduce((all, edge) => all + edge.value, 0);
    return {
      ...wanted,
      place,
      verdict: by.length > 0 ? "hit" : "miss",
      value: share === 0 ? 0 : share * value,
      because:
        by.length > 0
          ? by.map((one) => `said as ${inWords(one)}, ${productText(one.similarity!)}`).join("; ")
          : "no prediction between the matches of its ends is most like it",
      by,
    };
  });
  if (share === 0) {
    return { because: "a predicate that is no Unicode cannot be compared", relations: parts };
  }
  const way = `${shown(sum)} (similarities of ${counted(edges.length, "prediction")}) ${dividedBy(count, "relation")}`;
  return { way, relations: parts };
};
