import { refine } from "../graph/names.ts";
import {
  type LooseRelationship,
  listItems,
  looseRelationship,
  type Reading,
  type Rename,
} from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import type { JsonValue } from "../json/json-value.ts";
import { kindOf } from "../json/json-value.ts";
import { type Similarity, term } from "../similarity/similarity.ts";

/**
 * What a relation costs that lacks a field or names an object which is not there.
 *
 * `fatal`: the whole reward, as an exception in the reference does; `skipped`: only itself.
 */
export type FaultyRelation = "fatal" | "skipped";

/**
 * The relations of an answer that have all their fields; the others are left out.
 *
 * Errors: none
 */
export function soundRelations(
  value: JsonValue | undefined,
  name: Rename,
): Reading<readonly Relationship[]> {
  const items = listItems(value);
  if (items === undefined) {
    const reason = `relationships: ${kindOf(value)}, expected a list`;
    return { ok: false, reason, partial: false };
  }
  return {
    ok: true,
    value: items.map((item) => looseRelationship(item, name)).filter(isWhole),
  };
}

/** Whether a relation has all its fields. */
export const isWhole = (relation: LooseRelationship): relation is Relationship =>
  relation.subject !== undefined &&
  relation.predicate !== undefined &&
  relation.object !== undefined;

/** A relation with every field refined (`refine`). */
export const refineRelation = ({ subject, predicate, object }: Relationship): Relationship => ({
  subject: refine(subject),
  predicate: refine(predicate),
  object: refine(object),
});

/**
 * How alike two relations are: similarity of subjects times that of objects times that of predicates.
 *
 * Source: paper v1, Eq. 6; R1-SGG e4de64d `edge_reward`, `edge_hard_relax_reward`
 */
export const relationSimilarity = (
  wanted: Relationship,
  found: Relationship,
  similarity: Similarity,
): number =>
  similarity(term(wanted.subject), term(found.subject)) *
  similarity(term(wanted.object), term(found.object)) *
  similarity(term(wanted.predicate), term(found.predicate));

/** Whether a similarity takes the place of another as the most; NaN does and stays, as in `max`. */
export const isMore = (value: number, than: number): boolean =>
  value > than || (Number.isNaN(value) && !Number.isNaN(than));
