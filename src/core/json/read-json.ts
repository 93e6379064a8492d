import type { JsonResult, JsonValue } from "./json-value.ts";

/** CPython 3.11 `sys.int_info.default_max_str_digits`: longer integers are a ValueError. */
const maxDigits = 4300;

const words: readonly (readonly [string, JsonValue])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads JSON character by character by the rules of CPython's scanner.
 *
 * It is some ten times slower than `JSON.parse`; `parsePythonJson` takes it only where it must.
 * Inside, `undefined` stands for "no value": the first fault is kept and everything returns.
 *
 * Errors: none; a text that is not JSON gives a reason
 * Source: CPython 3.11 `Modules/_json.c`
 */
export function readJson(text: string, maxNesting: number): JsonResult {
  let at = 0;
  let fault: { readonly reason: string; readonly at: number } | undefined;

  const fail = (reason: string): undefined => {
    fault ??= { reason: at < text.length ? reason : "it ends too early", at };
    return undefined;
  };

  const skipSpace = (): void => {
    while (at < text.length && " \t\n\r".includes(text[at]!)) at += 1;
  };

  const take = (char: string): boolean => {
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };

  const readValue = (depth: number): JsonValue | undefined => {
    if (text[at] === '"') return readString();
    if (text[at] === "[" || text[at] === "{") {
      if (depth >= maxNesting) return fail(`it is nested deeper than ${maxNesting} levels`);
      return take("[") ? readList(depth + 1) : readObject(depth + 1);
    }
    for (const [word, value] of words) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    return readNumber();
  };

  const readList = (depth: number): JsonValue | undefined => {
    const list: JsonValue[] = [];
    skipSpace();
    if (take("]")) return list;
    for (;;) {
      const value = readValue(depth);
      if (value === undefined) return undefined;
      list.push(value);
      skipSpace();
      if (take("]")) return list;
      if (!take(",")) return fail("a comma or a closing bracket is missing");
      skipSpace();
    }
  };

  const readObject = (depth: number): JsonValue | undefined => {
    take("{");
    const entries: [string, JsonValue][] = [];
    skipSpace();
    if (take("}")) return {};
    for (;;) {
      if (text[at] !== '"') return fail("a key in double quotes is missing");
      const key = readString();
      if (key === undefined) return undefined;
      skipSpace();
      if (!take(":")) return fail("a colon is missing");
      skipSpace();
      const value = readValue(depth);
      if (value === undefined) return undefined;
      entries.push([key, value]);
      skipSpace();
      // fromEntries: the last of equal keys counts, and "__proto__" is a key like any other
      if (take("}")) return Object.fromEntries(entries);
      if (!take(",")) return fail("a comma or a closing bracket is missing");
      skipSpace();
    }
  };

  const readString = (): string | undefined => {
    take('"');
    const parts: string[] = [];
    for (;;) {
      const start = at;
      while (at < text.length && text[at] !== '"' && text[at] !== "\\" && text[at]! >= " ") at += 1;
      parts.push(text.slice(start, at));
      if (take('"')) return parts.join("");
      if (!take("\\")) return fail("a control character stands in a text");
      const char = readEscape();
      if (char === undefined) return undefined;
      parts.push(char);
    }
  };

  const readEscape = (): string | undefined => {
    const letter = text[at] ?? "";
    const simple = escapes[letter];
    if (simple !== undefined) {
      at += 1;
      return simple;
    }
    const code = /^u([0-9a-fA-F]{4})/.exec(text.slice(at, at + 5))?.[1];
    if (code === undefined) return fail("a wrong escape stands in a text");
    at += 5;
    return String.fromCharCode(Number.parseInt(code, 16));
  };

  /** Index of the first character from `start` on that is no digit. */
  const afterDigits = (start: number): number => {
    let end = start;
    while (text[end]! >= "0" && text[end]! <= "9") end += 1;
    return end;
  };

  const readNumber = (): JsonValue | undefined => {
    const digits = text[at] === "-" ? at + 1 : at;
    const whole = text[digits] === "0" ? digits + 1 : afterDigits(digits);
    if (whole === digits) return fail("a value is missing");
    let end = whole;
    if (text[end] === "." && afterDigits(end + 1) > end + 1) end = afterDigits(end + 1);
    if (text[end] === "e" || text[end] === "E") {
      const power = text[end + 1] === "+" || text[end + 1] === "-" ? end + 2 : end + 1;
      if (afterDigits(power) > power) end = afterDigits(power);
    }
    if (end === whole && whole - digits > maxDigits) {
      return fail(`an integer has more than ${maxDigits} digits`);
    }
    const token = text.slice(at, end);
    at = end;
    const value = Number(token);
    return end === whole && !Number.isFinite(value) ? BigInt(token) : value;
  };

  if (text === "") return { ok: false, reason: "it is empty", at };
  skipSpace();
  const value = readValue(0);
  skipSpace();
  if (value !== undefined && at < text.length) fail("text follows its end");
  return value === undefined || fault ? { ok: false, ...fault! } : { ok: true, value };
}
