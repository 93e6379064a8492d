import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePythonJson } from "../../../src/core/json/python-json.ts";
import { readJson } from "../../../src/core/json/read-json.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("parsePythonJson", () => {
  it.each([
    ["NaN and the infinities", "[NaN, Infinity, -Infinity]", [Number.NaN, Infinity, -Infinity]],
    ["a float beyond float64 as infinity", "[1e999, -1.5E400]", [Infinity, -Infinity]],
    ["an integer beyond float64 as a bigint", `[1${"0".repeat(400)}]`, [10n ** 400n]],
    ["the largest integer that rounds to a float64", "9007199254740993", 9007199254740992],
    ["the last of equal keys", '{"a": 1, "a": NaN, "b": 2}', { a: Number.NaN, b: 2 }],
    [
      "lone surrogates and pairs",
      '["\\ud83d", "\\ud83d\\ude00", NaN]',
      ["\ud83d", "😀", Number.NaN],
    ],
    ["every escape", '["\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041", NaN]', ['"\\/\b\f\n\r\tA', Number.NaN]],
    ["white space between all", ' \t\r\n[ 1 , { "a" : NaN } ] \n', [1, { a: Number.NaN }]],
    ["empty containers", '[{}, [], "", NaN]', [{}, [], "", Number.NaN]],
  ])("accepts %s", (_, text, value) => {
    expect(parsePythonJson(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["", "it is empty", 0],
    ["[1,]", "a value is missing", 3],
    ['{"a":1,}', "a key in double quotes is missing", 7],
    ["{'a':1}", "a key in double quotes is missing", 1],
    ['{"a" 1}', "a colon is missing", 5],
    ["[1 2]", "a comma or a closing bracket is missing", 3],
    ['{"a":1 "b":2}', "a comma or a closing bracket is missing", 7],
    ["[01]", "a comma or a closing bracket is missing", 2],
    ["[1.]", "a comma or a closing bracket is missing", 2],
    ["[.5]", "a value is missing", 1],
    ["[+1]", "a value is missing", 1],
    ["[-NaN]", "a value is missing", 1],
    ["{} x", "text follows its end", 3],
    ["\ufeff{}", "a value is missing", 0],
    ["\u00a0{}", "a value is missing", 0],
    ['["a\nb"]', "a control character stands in a text", 3],
    ['["\\x41"]', "a wrong escape stands in a text", 3],
    ['["\\u00g1"]', "a wrong escape stands in a text", 3],
    ['["abc', "it ends too early", 5],
    ['{"a":', "it ends too early", 5],
  ])("refuses %j", (text, reason, at) => {
    expect(parsePythonJson(text)).toEqual({ ok: false, reason, at });
  });

  it("refuses integers of more than 4,300 digits, the sign not counted", () => {
    const reason = "an integer has more than 4300 digits";
    expect(parsePythonJson("9".repeat(4301))).toEqual({ ok: false, reason, at: 0 });
    expect(parsePythonJson(`[-${"9".repeat(4301)}]`)).toEqual({ ok: false, reason, at: 1 });
    expect(parsePythonJson(`-${"9".repeat(4300)}`).ok).toBe(true);
    expect(parsePythonJson(`${"9".repeat(5000)}.0`)).toEqual({ ok: true, value: Infinity });
  });

  it("follows lists and objects through 992 levels and no further", () => {
    expect(parsePythonJson(nested(992)).ok).toBe(true);
    expect(parsePythonJson(nested(993))).toMatchObject({ ok: false, at: 992 });
    expect(parsePythonJson(`${'{"a":'.repeat(993)}1${"}".repeat(993)}`)).toMatchObject({
      reason: "it is nested deeper than 992 levels",
    });
    expect(parsePythonJson("[".repeat(1_000_000))).toMatchObject({ ok: false });
  });

  it("does not count brackets within texts, nor side by side, as levels", () => {
    expect(parsePythonJson(`["${"[".repeat(3000)}", "\\"${"{".repeat(3000)}"]`).ok).toBe(true);
    expect(parsePythonJson(`["]]]", ${nested(992)}]`).ok).toBe(false);
    expect(parsePythonJson(`["\\"", ${nested(992)}]`).ok).toBe(false);
    expect(parsePythonJson(`[${Array(2000).fill("[]").join(",")}]`).ok).toBe(true);
  });

  it("keeps __proto__ a key like any other", () => {
    const result = parsePythonJson('{"__proto__": {"objects": NaN}}');
    expect(result.ok && Object.keys(result.value as object)).toEqual(["__proto__"]);
    expect(result.ok && (result.value as { objects?: unknown }).objects).toBe(undefined);
  });

  it("gives the same for any JSON, read natively or by our own reader", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readJson(text, 992)).toEqual({ ok: true, value: JSON.parse(text) });
        expect(parsePythonJson(text)).toEqual(readJson(text, 992));
      }),
    );
  });
});
