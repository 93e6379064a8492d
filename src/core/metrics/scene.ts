import { category, refine } from "../graph/names.ts";
import type { Box, SceneGraph } from "../graph/scene-graph.ts";

/** The closed vocabulary of an evaluation; names are compared refined. */
export interface Classes {
  readonly objects: readonly string[];
  readonly predicates: readonly string[];
}

/** A box and the refined class name of what is in it. */
export interface NamedBox {
  readonly name: string;
  readonly box: Box;
}

/** A relation with its two ends in place of their ids. */
export interface Triplet {
  readonly subject: NamedBox;
  readonly predicate: string;
  readonly object: NamedBox;
}

/** What an evaluation sees of a scene graph: the part that the vocabulary has names for. */
export interface Scene {
  readonly objects: readonly NamedBox[];
  readonly triplets: readonly Triplet[];
}

/**
 * The part of a scene graph that a vocabulary can name, ends of relations looked up.
 *
 * Objects of another class are left out, and so are relations of another predicate or with an end
 * that is no object of the graph or was left out: none of them takes a place among the first K.
 * Where several objects carry one id, a relation means the first.
 *
 * Shape:  order is kept; each end of a triplet is the same value as its entry in `objects`.
 * Unit:   that of the graph's boxes.
 * Errors: none; boxes may hold any numbers.
 */
export function toScene(graph: SceneGraph, classes: Vocabulary): Scene {
  const objects: NamedBox[] = [];
  const byId = new Map<string, NamedBox>();
  for (const { id, bbox } of graph.objects) {
    const object = { name: className(id), box: bbox };
    if (!classes.objects.has(object.name)) continue;
    objects.push(object);
    if (!byId.has(refine(id))) byId.set(refine(id), object);
  }
  const triplets = graph.relationships.flatMap((relation) => {
    const subject = byId.get(refine(relation.subject));
    const object = byId.get(refine(relation.object));
    const predicate = refine(relation.predicate);
    return subject && object && classes.predicates.has(predicate)
      ? [{ subject, predicate, object }]
      : [];
  });
  return { objects, triplets };
}

/** A vocabulary ready for look-ups: refined names without repeats, in the order of the list. */
export interface Vocabulary {
  readonly objects: ReadonlySet<string>;
  readonly predicates: ReadonlySet<string>;
}

/** Refines a list of classes once, for many look-ups. Errors: none. */
export const toVocabulary = (classes: Classes): Vocabulary => ({
  objects: new Set(classes.objects.map(refine)),
  predicates: new Set(classes.predicates.map(refine)),
});

/**
 * The class of an object id: the text before its first dot, refined.
 *
 * Errors: none.
 *
 * @example className("Palm_Tree.3"); // "palm tree"
 */
export const className = (id: string): string => refine(category(id));

/**
 * The classes that a dataset itself names, sorted: its closed vocabulary where no list is given.
 *
 * Errors: none.
 */
export function datasetClasses(graphs: readonly SceneGraph[]): Classes {
  const names = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].sort();
  return {
    objects: names(graphs.map(({ objects }) => objects.map(({ id }) => className(id)))),
    predicates: names(
      graphs.map(({ relationships }) => relationships.map(({ predicate }) => refine(predicate))),
    ),
  };
}
