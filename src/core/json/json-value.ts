/**
 * What Python's `json.loads` can give. A `bigint` is an integer that no float64 can hold: Python
 * keeps it, and raises OverflowError where it is used as a float.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | JsonObject;

/** A JSON object: a Python `dict` with text keys. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A value, or why the text is none and at which character (counted from 0) this shows. */
export type JsonResult =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string; readonly at: number };

/**
 * Whether a value is what Python calls a `dict`.
 *
 * @example
 * isJsonObject([]); // false
 */
export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What a value is, in words for people.
 *
 * @example
 * kindOf([1]); // "a list"
 */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kinds = { boolean: "a boolean", string: "text", object: "an object" } as const;
  const type = typeof value;
  return type === "boolean" || type === "string" || type === "object" ? kinds[type] : "a number";
}
