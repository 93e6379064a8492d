import type { ClassNames } from "../classes/class-names.ts";
import { category, refine } from "./names.ts";
import type { SceneGraph } from "./scene-graph.ts";

/**
 * The part of a scene graph that a list of classes has names for, its objects numbered anew.
 *
 * Objects of other classes are left out, and so are relations of other predicates or with an end
 * that was left out. Numbers run over all objects that stay, in their order: `name.1` to `name.n`.
 * Names are compared refined (`wall-other` is `wall other`).
 *
 * Shape:  undefined when no object or no relation is left: there is nothing to learn from it.
 * Unit:   boxes as they are.
 * Errors: none. Of two objects with one id a relation means the last, as in Python's dict.
 * Source: R1-SGG e4de64d `--use_ovdr_split`, whose empty rows stay in the data by mistake
 *
 * @example
 * restrict({ objects: [man.1, cup.2], relationships: [cup.2 near cup.2] }, { objects: ["cup"], … });
 * // { objects: [cup.1], relationships: [cup.1 near cup.1] }
 */
export function restrict(graph: SceneGraph, classes: ClassNames): SceneGraph | undefined {
  const names = new Set(classes.objects.map(refine));
  const predicates = new Set(classes.predicates.map(refine));
  const kept = graph.objects.filter(({ id }) => names.has(refine(category(id))));
  const newId = new Map(kept.map(({ id }, at) => [id, `${category(id)}.${at + 1}`]));
  const objects = kept.map(({ id, bbox }, at) => ({ id: `${category(id)}.${at + 1}`, bbox }));
  const relationships = graph.relationships.flatMap((relation) => {
    const subject = newId.get(relation.subject);
    const object = newId.get(relation.object);
    const known = predicates.has(refine(relation.predicate));
    return subject && object && known ? [{ ...relation, subject, object }] : [];
  });
  return objects.length > 0 && relationships.length > 0 ? { objects, relationships } : undefined;
}
