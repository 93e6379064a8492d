import type { Box, Relationship, SceneObject } from "../core/graph/scene-graph.ts";
import type { RawRow } from "./row.ts";

/** A name, a dot and a number: what the id of an object is. */
export const objectIdPattern = /^[^.]+\.\d+$/;

/**
 * A row that has the layout in its usual form, lists as lists, as the schema would give it; undefined
 * for every other, which the schema is there for.
 *
 * Nearly all rows are such, and looking is several times cheaper than the schema: of a large dataset
 * it is the larger part of the reading.
 */
export function plainRow(value: unknown): RawRow | undefined {
  if (!isRecord(value) || !isText(value.image_id)) return undefined;
  if (!optionalTexts.every((key) => value[key] === undefined || isText(value[key])))
    return undefined;
  if (!optionalStrings.every((key) => value[key] === undefined || typeof value[key] === "string"))
    return undefined;
  if (!wholes.every((key) => value[key] === undefined || isWhole(value[key]))) return undefined;
  const objects = listOf(value.objects, plainObject);
  const relationships = listOf(value.relationships, plainRelationship);
  if (!objects || !relationships) return undefined;
  const row: Record<string, unknown> = { image_id: value.image_id };
  for (const key of [...optionalTexts, ...wholes, ...optionalStrings])
    if (value[key] !== undefined) row[key] = value[key];
  row.objects = objects;
  row.relationships = relationships;
  return row as RawRow;
}

const optionalTexts = ["image_path", "image"] as const;
const wholes = ["width", "height", "coco_id"] as const;
const optionalStrings = ["prompt_open", "prompt_close", "think", "question", "answer"] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

/** The items of a list, all of them read; undefined when one cannot be. */
function listOf<T>(value: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const item of value) {
    const one = read(item);
    if (one === undefined) return undefined;
    items.push(one);
  }
  return items;
}

function plainObject(value: unknown): SceneObject | undefined {
  if (!isRecord(value)) return undefined;
  const { id, bbox } = value;
  if (typeof id !== "string" || !objectIdPattern.test(id)) return undefined;
  if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
  for (const side of bbox) if (!Number.isFinite(side)) return undefined;
  return { id, bbox: bbox as unknown as Box };
}

function plainRelationship(value: unknown): Relationship | undefined {
  if (!isRecord(value)) return undefined;
  const { subject, predicate, object } = value;
  return isText(subject) && isText(predicate) && isText(object)
    ? { subject, predicate, object }
    : undefined;
}
