import type { JsonResult, JsonValue } from "./json-value.ts";
import { readJson } from "./read-json.ts";

/** Levels of lists and objects that CPython 3.11 decodes from a script; deeper is RecursionError. */
const maxNesting = 992;

/** No shorter run of digits is beyond float64, whose largest number has 309. */
const longRun = 309;

/**
 * Reads JSON exactly as Python's `json.loads` does, which is how the reference reads answers.
 *
 * `JSON.parse` does the work where it gives the same: it accepts only what Python accepts, except
 * for nesting and long integers, which are looked for first. Everything that it refuses goes
 * through our own reader, which knows `NaN` and the infinities and says what is wrong.
 *
 * Range:  numbers beyond float64 written with a point or an exponent are ±Infinity, written as
 *   integers a `bigint`; of equal keys the last counts; lone surrogate escapes stay
 * Errors: none; text that Python refuses gives a reason
 * Source: CPython 3.11 `json.loads`; its limits: 992 levels, 4,300 digits in an integer
 *
 * @example
 * parsePythonJson('{"a": NaN, "a": 1e999}'); // { ok: true, value: { a: Infinity } }
 * parsePythonJson("[1,]"); // { ok: false, reason: "a value is missing", at: 3 }
 */
export function parsePythonJson(text: string): JsonResult {
  return parseNatively(text) ?? readJson(text, maxNesting);
}

function parseNatively(text: string): JsonResult | undefined {
  if (hasLongRun(text)) return undefined;
  if (text.length > 2 * maxNesting && nesting(text) > maxNesting) return undefined;
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a run of digits is that long; each such run stands in one of the places looked at. */
function hasLongRun(text: string): boolean {
  for (let at = longRun - 1; at < text.length; at += longRun) {
    let from = at;
    while (isDigit(text.charCodeAt(from))) from -= 1;
    let to = at;
    while (isDigit(text.charCodeAt(to))) to += 1;
    if (to - from > longRun) return true; // `from` stands before the first digit
  }
  return false;
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;

/** Levels of lists and objects in a JSON text; brackets within its strings do not count. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth -= 1;
  }
  return deepest;
}
