import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, fitted, setColumns, visible, wrapped } from "../../src/report/columns.ts";

describe("columns", () => {
  it("writes out what a terminal would obey or hide", () => {
    expect(visible("a\u001b[31mb\n\u202ec\ud83d é猫")).toBe(
      "a\\u{1b}[31mb\\u{a}\\u{202e}c\\u{d83d} é猫",
    );
  });

  it("counts two columns for a wide character and none for a mark", () => {
    expect([columnsOf("cat"), columnsOf("猫.1"), columnsOf("e\u0301")]).toEqual([3, 4, 1]);
    expect([fitted("猫猫猫", 6), fitted("猫猫猫", 5), fitted("cats", 3)]).toEqual([
      "猫猫猫",
      "猫猫…",
      "ca…",
    ]);
  });

  it("sets rows under each other and wraps the last cell beside the others", () => {
    const rows = [
      ["a", "1", "some words that are long"],
      ["bcd", "22", "few"],
    ];
    expect(
      setColumns(rows, [{ align: "left" }, { align: "right" }, { align: "left" }], 30),
    ).toEqual(["a     1  some words that are", "         long", "bcd  22  few"]);
  });

  it("breaks a word that is longer than a line", () => {
    expect(wrapped("ab cdefghij k", 4)).toEqual(["ab", "cdef", "ghij", "k"]);
  });

  it("keeps every line within its width, and every word", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 2, max: 40 }),
        (text, width) => {
          const shown = visible(text);
          const lines = wrapped(shown, width);
          expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
          expect(lines.join("").replaceAll(" ", "")).toBe(shown.replaceAll(" ", ""));
        },
      ),
    );
  });
});
