/** What an answer is made of: no fractions, since Python and JavaScript write those differently. */
export type PythonJson =
  | string
  | number
  | readonly PythonJson[]
  | { readonly [key: string]: PythonJson };

/**
 * A value as Python's `json.dumps(value)` writes it, defaults throughout.
 *
 * `, ` and `: ` separate; everything outside printable ASCII is escaped, characters above U+FFFF as
 * two `\uXXXX` in lower case.
 *
 * Errors: RangeError for a number that is not a safe integer.
 *
 * @example
 * pythonJson({ id: "café.1", bbox: [1, 2] }); // '{"id": "caf\\u00e9.1", "bbox": [1, 2]}'
 */
export function pythonJson(value: PythonJson): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
    return String(value);
  }
  if (isList(value)) return `[${value.map(pythonJson).join(", ")}]`;
  const members = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pythonJson(item)}`);
  return `{${members.join(", ")}}`;
}

const isList = (value: PythonJson): value is readonly PythonJson[] => Array.isArray(value);

/** JSON.stringify escapes quotes, backslashes and control characters as Python does; the rest is ours. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
