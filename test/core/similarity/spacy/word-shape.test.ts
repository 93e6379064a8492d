import { expect, it } from "vitest";
import { wordShape } from "../../../../src/core/similarity/spacy/word-shape.ts";

it.each([
  ["", ""],
  ["C3PO-units", "XdXX-xxxx"],
  ["aaaaa11111!!!!!", "xxxxdddd!!!!"],
  ["aXaX", "xXxX"],
  ["km²", "xxd"],
  ["Ⅳ½", "Ⅳ½"], // numbers, but neither letters nor digits
  ["ǅ日ª", "xxx"], // a title-case letter is not upper case
  ["𝐀𐐨😀", "Xx😀"],
  ["x".repeat(99), "xxxx"],
  ["😀".repeat(100), "LONG"],
])("gives %j the shape %j", (word, shape) => {
  expect(wordShape(word)).toBe(shape);
});
