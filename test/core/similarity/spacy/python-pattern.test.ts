import { expect, it } from "vitest";
import { isPythonSpace } from "../../../../src/core/json/python-text.ts";
import { pythonPattern, spaces } from "../../../../src/core/similarity/spacy/python-pattern.ts";

it.each([
  ["(?u)^a\\.b$", "^a\\.b$"],
  ["\\'\\!\\%\\-", "'!%-"],
  ["[\\-\\'\\.]", "[\\-'\\.]"],
  ["[]a]\\]", "[\\]a]\\]"],
  ["[^]a]", "[^\\]a]"],
  ["\\U0001F600\\u2026\\xa0", "\\u{0001F600}\\u2026\\xa0"],
  ["[\\U0001F600-\\U0001F64F]", "[\\u{0001F600}-\\u{0001F64F}]"],
  ["\\d[\\da]", "[\\p{Nd}][\\p{Nd}a]"],
  ["\\w[\\w+]", "[\\p{L}\\p{N}_][\\p{L}\\p{N}_+]"],
  ["\\s[\\s]\\S", `[${spaces}][${spaces}][^${spaces}]`],
])("writes Python's %s as %s", (python, javascript) => {
  const { source, flags } = pythonPattern(python, "g");
  expect({ source, flags }).toEqual({ source: javascript, flags: "gu" });
});

it.each(["\\b", "\\A", "[\\W]", "[\\S]"])(
  "refuses %s rather than read it in another way",
  (one) => {
    expect(() => pythonPattern(one)).toThrow(SyntaxError);
  },
);

it("has the same white space as strip", () => {
  const space = new RegExp(`[${spaces}]`);
  for (let unit = 0; unit < 0x10000; unit += 1) {
    expect(space.test(String.fromCharCode(unit))).toBe(isPythonSpace(unit));
  }
});
