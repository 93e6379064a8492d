import { isJsonObject, type JsonObject, type JsonValue, kindOf } from "../json/json-value.ts";
import { parsePythonJson } from "../json/python-json.ts";
import { answerText } from "./answer-text.ts";
import { refine } from "./names.ts";
import type { Relationship, SceneObject } from "./scene-graph.ts";

/**
 * A part of an answer, or why it cannot be read.
 *
 * `partial` says that something else in the same answer may still earn a reward.
 */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string; readonly partial: boolean };

/** What becomes of ids and predicates as they are read: `refine`, or nothing at all. */
export type Rename = (name: string) => string;

const fault = (reason: string, partial = false) => ({ ok: false, reason, partial }) as const;

/**
 * The JSON object that a completion answers with.
 *
 * Errors: none; anything else gives a reason
 * Source: R1-SGG e4de64d, the first lines of every reward
 */
export function readAnswer(completion: string): Reading<JsonObject> {
  const json = parsePythonJson(answerText(completion));
  if (!json.ok) return fault(`the answer is not JSON: ${json.reason} (character ${json.at + 1})`);
  if (isJsonObject(json.value)) return { ok: true, value: json.value };
  return fault(`the answer is ${kindOf(json.value)}, expected an object`);
}

/**
 * The items of a list as Python's `for` meets them, or `undefined` where it would end in an error.
 *
 * An empty object and an empty text count as an empty list; full ones yield texts, which have no
 * fields, so they are faults here.
 */
export function listItems(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (value === "" || (isJsonObject(value) && Object.keys(value).length === 0)) return [];
  return undefined;
}

/**
 * The objects of an answer, ids refined, boxes multiplied by `[x, y]` of `factors`.
 *
 * Shape:  in order, repeated ids kept
 * Unit:   of the boxes times `factors`: 1 / box scale gives 0..1, image size / box scale pixels
 * Range:  NaN and infinities stay; a boolean is 0 or 1; boxes are neither clamped nor sorted
 * Errors: none; the first fault is the reason. A wrong kind of id and an integer beyond float64
 *   are `partial`: the format reward accepts them
 * Source: R1-SGG e4de64d `scale_box`, `refine_node_edge`
 */
export function readObjects(
  value: JsonValue | undefined,
  factors: readonly [number, number],
  name: Rename = refine,
): Reading<readonly SceneObject[]> {
  const items = listItems(value);
  if (items === undefined) return fault(`objects: ${kindOf(value)}, expected a list`);
  const objects: SceneObject[] = [];
  let first: Reading<never> | undefined;
  for (const [i, item] of items.entries()) {
    const object = readObject(item, factors, name, `objects[${i}]`);
    if (object.ok) objects.push(object.value);
    else if (!object.partial) return object;
    else first ??= object;
  }
  return first ?? { ok: true, value: objects };
}

function readObject(
  item: JsonValue,
  factors: readonly [number, number],
  name: Rename,
  where: string,
): Reading<SceneObject> {
  if (!isJsonObject(item)) return fault(`${where}: ${kindOf(item)}, expected an object`);
  const { id, bbox } = item;
  if (id === undefined) return fault(`${where}.id: missing, expected text`);
  if (!Array.isArray(bbox)) return fault(`${where}.bbox: ${kindOf(bbox)}, expected a list`);
  if (bbox.length !== 4) return fault(`${where}.bbox: ${bbox.length} entries, expected 4 numbers`);
  const wrong = bbox.find((entry) => !isNumeric(entry));
  if (wrong !== undefined) return fault(`${where}.bbox: ${kindOf(wrong)}, expected 4 numbers`);
  if (bbox.some((entry) => typeof entry === "bigint")) {
    return fault(`${where}.bbox: an integer beyond the range of float64`, true);
  }
  if (typeof id !== "string") return fault(`${where}.id: ${kindOf(id)}, expected text`, true);
  const [fx, fy] = factors;
  const [x1, y1, x2, y2] = [Number(bbox[0]), Number(bbox[1]), Number(bbox[2]), Number(bbox[3])];
  return { ok: true, value: { id: name(id), bbox: [x1 * fx, y1 * fy, x2 * fx, y2 * fy] } };
}

/**
 * Whether Python takes a value for a number: integers, floats and booleans.
 *
 * Source: R1-SGG 8451508 `is_valid_box`, `isinstance(e, (int, float))`
 */
export const isNumeric = (value: JsonValue): value is number | bigint | boolean =>
  typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";

/** A relation as an answer gives it: refined texts, and `undefined` for what is missing or no text. */
export type LooseRelationship = { readonly [key in keyof Relationship]: string | undefined };

/** One relation of an answer, whatever is there of it. */
export function looseRelationship(item: JsonValue, name: Rename = refine): LooseRelationship {
  const text = (value: JsonValue | undefined) =>
    typeof value === "string" ? name(value) : undefined;
  if (!isJsonObject(item)) return { subject: undefined, predicate: undefined, object: undefined };
  return {
    subject: text(item.subject),
    predicate: text(item.predicate),
    object: text(item.object),
  };
}

/**
 * The relations of an answer, every field refined; a single faulty one spoils all.
 *
 * Errors: none; the first fault is the reason
 */
export function readRelationships(
  value: JsonValue | undefined,
  name: Rename = refine,
): Reading<readonly Relationship[]> {
  const items = listItems(value);
  if (items === undefined) return fault(`relationships: ${kindOf(value)}, expected a list`);
  const relationships: Relationship[] = [];
  for (const [place, item] of items.entries()) {
    const relation = readRelationship(item, place, name);
    if (!relation.ok) return relation;
    relationships.push(relation.value);
  }
  return { ok: true, value: relationships };
}

/** The relation at a place of an answer's list, every field refined. Errors: none */
export function readRelationship(
  item: JsonValue,
  place: number,
  name: Rename = refine,
): Reading<Relationship> {
  const where = `relationships[${place}]`;
  if (!isJsonObject(item)) return fault(`${where}: ${kindOf(item)}, expected an object`);
  const { subject, predicate, object } = looseRelationship(item, name);
  if (subject === undefined || predicate === undefined || object === undefined) {
    const field = (["subject", "predicate", "object"] as const).find(
      (key) => typeof item[key] !== "string",
    )!;
    return fault(`${where}.${field}: ${kindOf(item[field])}, expected text`);
  }
  return { ok: true, value: { subject, predicate, object } };
}
