import { expect, it } from "vitest";
import { isPythonSpace, pythonStrip } from "../../../src/core/json/python-text.ts";

it("takes 29 units for white space, as Python's str.isspace does", () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => unit).filter(isPythonSpace);
  expect(units.map((unit) => unit.toString(16)).join(" ")).toBe(
    "9 a b c d 1c 1d 1e 1f 20 85 a0 1680 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200a 2028 2029 202f 205f 3000",
  );
});

it.each([
  ["leaves a byte order mark, which trim takes", "\ufeff a ", "\ufeff a"],
  ["takes U+0085 and U+001C, which trim leaves", "\u0085 a b\u001c", "a b"],
  ["gives nothing for white space alone", " \n\u3000", ""],
])("%s", (_, text, stripped) => {
  expect(pythonStrip(text)).toBe(stripped);
});
