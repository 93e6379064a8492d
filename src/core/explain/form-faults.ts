import { isNumeric, listItems } from "../graph/read-answer.ts";
import { isJsonObject, type JsonObject, type JsonValue, kindOf } from "../json/json-value.ts";
import { hashed } from "../rewards/format.ts";

/** What is wrong with an item of a list, told with its place; `undefined` when nothing is. */
export type ItemFault = (item: JsonObject, where: string) => string | undefined;

/**
 * The first fault of a list of an answer, for a format reward.
 *
 * Errors: none
 */
export function listFault(
  answer: JsonObject,
  name: "objects" | "relationships",
  faultOf: ItemFault,
): string | undefined {
  const value = answer[name];
  const items = listItems(value);
  if (items === undefined) return `${name}: ${kindOf(value)}, expected a list`;
  for (const [i, item] of items.entries()) {
    const where = `${name}[${i}]`;
    const fault = isJsonObject(item)
      ? faultOf(item, where)
      : `${where}: ${kindOf(item)}, expected an object`;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** An object needs an id, and a box of four numbers, which may be NaN. */
export const objectFault: ItemFault = ({ id, bbox }, where) => {
  if (id === undefined) return `${where}.id: missing, expected text`;
  if (!Array.isArray(bbox)) return `${where}.bbox: ${kindOf(bbox)}, expected 4 numbers`;
  if (bbox.length !== 4) return `${where}.bbox: ${bbox.length} entries, expected 4 numbers`;
  const wrong = bbox.find((entry) => !isNumeric(entry));
  return wrong === undefined ? undefined : `${where}.bbox: ${kindOf(wrong)}, expected 4 numbers`;
};

/** An object needs an id. */
export const idFault: ItemFault = ({ id }, where) =>
  id === undefined ? `${where}.id: missing, expected text` : undefined;

/** As a fault of objects alone, and no id may be a list or an object: Python cannot hash those. */
export const withHashableId =
  (faultOf: ItemFault): ItemFault =>
  (item, where) => {
    const fault = faultOf(item, where);
    const { id } = item;
    const hashable = typeof id !== "object" || id === null;
    return fault ?? (hashable ? undefined : `${where}.id: ${kindOf(id)}, expected text`);
  };

/** As a fault of objects alone, and every id is text. */
export const withTextId =
  (faultOf: ItemFault): ItemFault =>
  (item, where) =>
    faultOf(item, where) ??
    (typeof item.id === "string" ? undefined : `${where}.id: ${kindOf(item.id)}, expected text`);

/** A relation needs three texts. */
export const relationFault: ItemFault = (item, where) => {
  const field = (["subject", "predicate", "object"] as const).find(
    (key) => typeof item[key] !== "string",
  );
  return field && `${where}.${field}: ${kindOf(item[field])}, expected text`;
};

/** A relation's ends are ids of the answer's objects, as they are written. */
export function endFault({ objects }: JsonObject): ItemFault {
  const ids = new Set<JsonValue>();
  for (const object of listItems(objects) ?? []) {
    if (isJsonObject(object) && object.id !== undefined) ids.add(hashed(object.id));
  }
  return (item, where) => {
    const end = (["subject", "object"] as const).find(
      (one) => !ids.has(item[one] === undefined ? missing : hashed(item[one])),
    );
    if (end === undefined) return undefined;
    const id = item[end];
    return id === undefined
      ? `${where}.${end}: missing, expected the id of an object`
      : `${where}.${end}: ${idText(id)}, expected the id of an object of the answer`;
  };
}

/** Equal to no id. */
const missing: JsonValue = [];

const idText = (id: JsonValue): string =>
  typeof id === "string" ? JSON.stringify(id) : kindOf(id);
