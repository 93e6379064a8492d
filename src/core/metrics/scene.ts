import type { ClassNames } from "../classes/class-names.ts";
import { category, refine } from "../graph/names.ts";
import type { Box, SceneGraph } from "../graph/scene-graph.ts";
import type { Reader } from "./reader.ts";

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
  /** Of each triplet, which of the graph's relations it is. */
  readonly places: readonly number[];
}

/** A scene with nothing in it: what a missing or an unreadable answer comes to. */
export const emptyScene: Scene = { objects: [], triplets: [], places: [] };

/**
 * The part of a scene graph that a vocabulary can name, ends of relations looked up.
 *
 * Objects of another class are left out, and so are relations of another predicate or with an end
 * that is no object of the graph or was left out: none of them takes a place among the first K.
 * Where several objects carry one id, a relation means the first that is left in.
 *
 * Shape:  order is kept; each end of a triplet is the same value as its entry in `objects`.
 * Unit:   that of the graph's boxes.
 * Errors: none; boxes may hold any numbers.
 */
export function toScene(graph: SceneGraph, reader: Reader): Scene {
  const objects: NamedBox[] = [];
  const byId = new Map<string, NamedBox>();
  for (const { id, bbox } of graph.objects) {
    const name = reader.object(category(id));
    if (name === undefined) continue;
    const object = { name, box: bbox };
    objects.push(object);
    const key = refine(id);
    if (!byId.has(key)) byId.set(key, object);
  }
  const triplets: Triplet[] = [];
  const places: number[] = [];
  const find = (id: string) => byId.get(id) ?? byId.get(refine(id)); // most ids are refined as they are
  for (let place = 0; place < graph.relationships.length; place += 1) {
    const relation = graph.relationships[place]!;
    const said = reader.predicate(relation.predicate);
    const subject = find(relation.subject);
    const object = find(relation.object);
    if (!said || !subject || !object) continue;
    triplets.push({
      subject: said.swapped ? object : subject,
      predicate: said.name,
      object: said.swapped ? subject : object,
    });
    places.push(place);
  }
  return { objects, triplets, places };
}

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
export function datasetClasses(graphs: Iterable<SceneGraph>): ClassNames {
  const names = classCollector();
  for (const graph of graphs) names.add(graph);
  return names.classes();
}

/** Gathers the classes of a dataset that is read one graph at a time. Errors: none. */
export function classCollector(): {
  readonly add: (graph: SceneGraph) => void;
  readonly classes: () => ClassNames;
} {
  const objects = new Set<string>();
  const predicates = new Set<string>();
  return {
    add: (graph) => {
      for (const { id } of graph.objects) objects.add(className(id));
      for (const { predicate } of graph.relationships) predicates.add(refine(predicate));
    },
    classes: () => ({ objects: [...objects].sort(), predicates: [...predicates].sort() }),
  };
}
