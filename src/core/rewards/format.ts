import { hasThinkAndAnswer } from "../graph/answer-text.ts";
import { isNumeric, listItems } from "../graph/read-answer.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.ts";
import type { Reward, Task } from "./reward.ts";

/**
 * The format reward: does the answer have the form that was asked for?
 *
 * Valid and in think and answer tags gives `weight`; valid without the tags gives half of it, and
 * nothing if `strict`. Boxes may hold NaN, and ids need only be hashable, as in the reference.
 *
 * Range:  0, weight / 2 or weight
 * Errors: none
 * Source: R1-SGG 8451508 `format_reward` (strict: its `STRICT_FORMAT`). Since 01aaf6d a `set()` over
 *   dictionaries fails there, and every answer with an object gets 0
 */
export const formatReward =
  ({ weight, strict }: { readonly weight: number; readonly strict: boolean }): Reward =>
  ({ completion, answer, task }) => {
    if (!answer.ok || !isValid[task](answer.value)) return 0;
    if (hasThinkAndAnswer(completion)) return weight;
    return strict ? 0 : weight / 2;
  };

const isValid: Readonly<Record<Task, (answer: JsonObject) => boolean>> = {
  sgg: ({ objects, relationships }) => {
    const ids = idsOf(objects);
    return ids !== undefined && everyItem(relationships, (item) => isRelation(item, ids));
  },
  det: ({ objects }) => everyItem(objects, isValidObject),
  cls: ({ relationships }) => everyItem(relationships, (item) => isRelation(item)),
};

const everyItem = (value: JsonValue | undefined, test: (item: JsonValue) => boolean): boolean =>
  listItems(value)?.every(test) ?? false;

/** The ids of valid objects, compared later as they are written; `undefined` if one is not valid. */
function idsOf(value: JsonValue | undefined): ReadonlySet<JsonValue> | undefined {
  const ids = new Set<JsonValue>();
  for (const item of listItems(value) ?? [null]) {
    if (!isJsonObject(item) || !isValidObject(item)) return undefined;
    const id = item.id ?? null;
    if (typeof id === "object" && id !== null) return undefined; // Python cannot hash it
    ids.add(id);
  }
  return ids;
}

const isValidObject = (item: JsonValue): boolean =>
  isJsonObject(item) &&
  item.id !== undefined &&
  Array.isArray(item.bbox) &&
  item.bbox.length === 4 &&
  item.bbox.every(isNumeric);

const isRelation = (item: JsonValue, ids?: ReadonlySet<JsonValue>): boolean =>
  isJsonObject(item) &&
  typeof item.subject === "string" &&
  typeof item.predicate === "string" &&
  typeof item.object === "string" &&
  (ids === undefined || (ids.has(item.subject) && ids.has(item.object)));
