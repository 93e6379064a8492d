import { hasThinkAndAnswer } from "../graph/answer-text.ts";
import { isNumeric, listItems } from "../graph/read-answer.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.ts";
import type { Reward, Task } from "./reward.ts";

/** Whether an answer has the form that its task asks for. */
export type Form = Readonly<Record<Task, (answer: JsonObject) => boolean>>;

/**
 * The format reward: does the answer have the form that was asked for?
 *
 * Valid and in think and answer tags gives `weight`; valid without the tags gives half of it, and
 * nothing if `strict`.
 *
 * Range:  0, weight / 2 or weight
 * Errors: none
 * Source: R1-SGG 8451508 `format_reward` (strict: its `STRICT_FORMAT`)
 */
export const formatReward =
  ({
    weight,
    strict,
    form = releaseForm,
  }: {
    readonly weight: number;
    readonly strict: boolean;
    readonly form?: Form;
  }): Reward =>
  ({ completion, answer, task }) => {
    if (!answer.ok || !form[task](answer.value)) return 0;
    if (hasThinkAndAnswer(completion)) return weight;
    return strict ? 0 : weight / 2;
  };

/**
 * Every object has an id and four numbers, every relation three texts, and its ends are ids.
 *
 * Boxes may hold NaN, and ids need only be hashable, as in the reference.
 *
 * Source: R1-SGG 8451508 `format_reward`, before its fault
 */
export const releaseForm: Form = {
  sgg: ({ objects, relationships }) => {
    const ids = idsOf(objects, isValidObject);
    return ids !== undefined && everyItem(relationships, (item) => isRelation(item, ids));
  },
  det: ({ objects }) => everyItem(objects, isValidObject),
  cls: ({ relationships }) => everyItem(relationships, (item) => isRelation(item)),
};

/**
 * As `releaseForm`, but a graph with an object is never valid, and the ids of `det` are texts.
 *
 * Source: R1-SGG since 01aaf6d, e4de64d among them: `set()` over dictionaries is a TypeError, and so is
 *   the look at an id's form, which changes nothing else
 */
export const headForm: Form = {
  ...releaseForm,
  sgg: (answer) => listItems(answer.objects)?.length === 0 && releaseForm.sgg(answer),
  det: ({ objects }) =>
    everyItem(objects, (item) => isValidObject(item) && hasTextId(item as JsonObject)),
};

const hasTextId = ({ id }: JsonObject): boolean => typeof id === "string";

const everyItem = (value: JsonValue | undefined, test: (item: JsonValue) => boolean): boolean =>
  listItems(value)?.every(test) ?? false;

/**
 * The ids of objects, compared later as they are written; `undefined` if one is not valid.
 *
 * Source: Python cannot hash a list or a dict, and fails on a missing key
 */
export function idsOf(
  value: JsonValue | undefined,
  isValid: (item: JsonObject) => boolean,
): ReadonlySet<JsonValue> | undefined {
  const ids = new Set<JsonValue>();
  for (const item of listItems(value) ?? [null]) {
    if (!isJsonObject(item) || !isValid(item)) return undefined;
    const id = item.id ?? null;
    if (typeof id === "object" && id !== null) return undefined;
    ids.add(hashed(id));
  }
  return ids;
}

/** A value as a set of Python knows it, to which `True` and 1 are the same. */
export const hashed = (value: JsonValue): JsonValue =>
  typeof value === "boolean" ? Number(value) : value;

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
