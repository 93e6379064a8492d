import { category, refine } from "../graph/names.ts";
import type { Relationship, SceneGraph, SceneObject } from "../graph/scene-graph.ts";
import { sameBoxOverlap } from "./first-hits.ts";
import type { Protocol } from "./protocol.ts";
import type { NamedBox, Triplet } from "./scene.ts";

/** Why a true relation is not found, in the order in which it is looked for. */
export type MissReason =
  | "not in the classes"
  | "no answer"
  | "name unmapped"
  | "name"
  | "duplicate id"
  | "box"
  | "object missing"
  | "predicate unmapped"
  | "predicate"
  | "direction"
  | "graph constraint"
  | "unrelated";

/** A reason and what there is instead, in words. */
export interface Miss {
  readonly reason: MissReason;
  readonly detail: string;
}

/**
 * Why no relation of an answer finds a true one.
 *
 * Looks for the two ends first: an object of the right class on the right box. Failing that, one on the
 * right box by another name, then one of the right class on another box. With both ends there it looks
 * at what the answer says between them.
 *
 * Shape:  `wanted` is what `relation` is read as; `graph` is undefined for a `failure`
 * Errors: none
 */
export function missOf(
  relation: Relationship,
  wanted: Triplet,
  graph: SceneGraph | undefined,
  failure: string | null,
  protocol: Protocol,
): Miss {
  if (!graph) return { reason: "no answer", detail: failure ?? "there is none" };
  const subject = findEnd(wanted.subject, relation.subject, graph, protocol);
  if ("reason" in subject) return subject;
  const object = findEnd(wanted.object, relation.object, graph, protocol);
  if ("reason" in object) return object;
  return missBetween(subject.ids, object.ids, wanted.predicate, graph, protocol);
}

/** The ids of the answer's objects that are a true one, or why there is none. */
function findEnd(
  wanted: NamedBox,
  id: string,
  graph: SceneGraph,
  { answer, main }: Protocol,
): { readonly ids: ReadonlySet<string> } | Miss {
  const overlap = ({ bbox }: SceneObject) => main.overlap(bbox, wanted.box);
  const nameOf = (one: SceneObject) => answer.object(category(one.id));
  const nearestFirst = (one: SceneObject, other: SceneObject) =>
    (overlap(other) || 0) - (overlap(one) || 0);
  const there = graph.objects
    .filter((one) => overlap(one) >= sameBoxOverlap)
    .toSorted(nearestFirst);
  const right = there.filter((one) => nameOf(one) === wanted.name);
  const first = right.filter((one) => one === graph.objects.find(sameId(one, nameOf)));
  if (first.length > 0) return { ids: new Set(first.map((one) => refine(one.id))) };
  if (right[0]) return miss("duplicate id", `"${right[0].id}" means the first object of that id`);
  const [other] = there;
  if (other && nameOf(other) === undefined)
    return miss("name unmapped", `${id} is there as "${other.id}", which is no class`);
  if (other) {
    const read = readAs(category(other.id), nameOf(other)!);
    return miss("name", `${id} is there as "${other.id}"${read}, expected ${wanted.name}`);
  }
  const [nearest] = graph.objects
    .filter((one) => nameOf(one) === wanted.name)
    .toSorted(nearestFirst);
  if (!nearest) return miss("object missing", `the answer has no ${wanted.name} and nothing there`);
  const value = (overlap(nearest) || 0).toFixed(2);
  return miss(
    "box",
    `${nearest.id} overlaps ${id} by ${value}, expected at least ${sameBoxOverlap}`,
  );
}

function missBetween(
  subjects: ReadonlySet<string>,
  objects: ReadonlySet<string>,
  predicate: string,
  graph: SceneGraph,
  { answer }: Protocol,
): Miss {
  const said = graph.relationships.map((relation) => {
    const read = answer.predicate(relation.predicate);
    const [from, to] = [refine(relation.subject), refine(relation.object)];
    return {
      said: relation.predicate,
      read,
      ...(read?.swapped ? { from: to, to: from } : { from, to }),
    };
  });
  const between = said.filter(({ from, to }) => subjects.has(from) && objects.has(to));
  if (between.some(({ read }) => read?.name === predicate))
    return miss("graph constraint", `"${predicate}" is said, after another predicate of the pair`);
  const strange = between.find(({ read }) => !read);
  const other = between.find(({ read }) => read);
  if (other) {
    const read = readAs(other.said, other.read!.name);
    return miss("predicate", `"${other.said}" is said${read}, expected "${predicate}"`);
  }
  if (strange) return miss("predicate unmapped", `"${strange.said}" is said, which is no class`);
  const back = said.find(({ from, to }) => objects.has(from) && subjects.has(to));
  if (back?.read?.name === predicate)
    return miss("direction", `"${predicate}" is said the other way round`);
  return miss("unrelated", "both objects are there, with no relation from one to the other");
}

/** Whether an object is one that a relation could mean by the id of another. */
const sameId =
  ({ id }: SceneObject, nameOf: (one: SceneObject) => string | undefined) =>
  (one: SceneObject): boolean =>
    refine(one.id) === refine(id) && nameOf(one) !== undefined;

/** What a name is taken for, where that is another one. */
const readAs = (said: string, name: string): string =>
  refine(said) === name ? "" : `, read as "${name}"`;

const miss = (reason: MissReason, detail: string): Miss => ({ reason, detail });
