import {
  type LooseRelationship,
  listItems,
  looseRelationship,
  type Rename,
  readRelationship,
} from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import { isWhole } from "../rewards/relations.ts";
import type { Candidate } from "../rewards/reward.ts";
import { type Similarity, term } from "../similarity/similarity.ts";
import type { Compared, ExplainedRelation } from "./explanation.ts";
import { figure, shown } from "./figure.ts";

/** A relation with its place in its list. */
export const placed = (
  { subject, predicate, object }: LooseRelationship,
  place: number,
): ExplainedRelation => ({
  place,
  subject: subject ?? null,
  predicate: predicate ?? null,
  object: object ?? null,
});

/** `man.1 riding horse.2`; a field that is not there is a `?`. */
export const inWords = (
  relation: {
    readonly [key in keyof Relationship]: string | null | undefined;
  },
): string => `${relation.subject ?? "?"} ${relation.predicate ?? "?"} ${relation.object ?? "?"}`;

/**
 * All relations that an answer lists, each with its own fault.
 *
 * Errors: none
 */
export function predictedRelations(
  { answer, objects, task }: Candidate,
  rename: Rename,
): readonly ExplainedRelation[] {
  const items = (answer.ok ? listItems(answer.value.relationships) : undefined) ?? [];
  const known = objects.ok ? new Set(objects.value.map(({ id }) => id)) : undefined;
  return items.map((item, place) => {
    const relation = placed(looseRelationship(item, rename), place);
    const read = readRelationship(item, place, rename);
    if (!read.ok) return { ...relation, fault: read.reason };
    if (task !== "sgg" || !known) return relation;
    const end = (["subject", "object"] as const).find((one) => !known.has(read.value[one]));
    return end === undefined
      ? relation
      : {
          ...relation,
          fault: `relationships[${place}].${end}: ${unknownIn("answer", read.value[end])}`,
        };
  });
}

/** `"x.9" is no object of the answer`. */
export const unknownIn = (graph: "answer" | "target", id: string | undefined): string =>
  `${JSON.stringify(id ?? null)} is no object of the ${graph}`;

/** Where the relations that a candidate counts stand in its answer's list. Errors: none */
export const listedPlaces = ({ answer }: Candidate): readonly number[] =>
  ((answer.ok ? listItems(answer.value.relationships) : undefined) ?? []).flatMap((item, place) =>
    isWhole(looseRelationship(item)) ? [place] : [],
  );

/** How alike the names of two relations are, field by field; `relationSimilarity` is the product. */
export const namesAlike = (
  wanted: Relationship,
  found: Relationship,
  similarity: Similarity,
): NonNullable<Compared["similarity"]> => {
  const of = (field: keyof Relationship) =>
    figure(similarity(term(wanted[field]), term(found[field])));
  return { subject: of("subject"), predicate: of("predicate"), object: of("object") };
};

/** `similarity 0.5 · 0.25 · 1`: subject, predicate, object. */
export const productText = ({ subject, predicate, object }: NonNullable<Compared["similarity"]>) =>
  `similarity ${shown(subject)} · ${shown(predicate)} · ${shown(object)}`;
