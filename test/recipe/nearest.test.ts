import { expect, it } from "vitest";
import { nearest } from "../../src/recipe/nearest.ts";

it.each([
  ["learnin_rate", ["seed", "learning_rate"], "learning_rate"],
  ["epoch", ["steps", "epochs"], "epochs"],
  ["setps", ["steps", "step"], "steps"],
  ["kitten", ["sitting"], "sitting"], // three letters of six
  ["kitten", ["sittings"], undefined], // four
  ["zzzz", ["steps", "epochs"], undefined],
  ["a", [], undefined],
])("finds for %j among %j %j", (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected);
});
