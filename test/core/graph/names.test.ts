import { expect, it } from "vitest";
import { category, refine } from "../../../src/core/graph/names.ts";

it.each([
  [" Wall-other_merged.3 ", "wall other merged.3"],
  ["_man.1-", "man.1"],
  ["traffic  light", "traffic  light"],
  ["İ", "i̇"],
  ["ΟΔΟΣ", "οδος"],
  ["\u0085Man\u001f", "man"],
])("refines %j to %j", (name, refined) => {
  expect(refine(name)).toBe(refined);
});

it.each([
  ["traffic light.2", "traffic light"],
  ["a.b.c", "a"],
  ["man", "man"],
  [".1", ""],
  ["", ""],
])("finds in %j the class %j", (id, name) => {
  expect(category(id)).toBe(name);
});
