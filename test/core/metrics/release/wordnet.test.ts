import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { refine } from "../../../../src/core/graph/names.ts";
import { findSynonym, type TargetSet } from "../../../../src/core/metrics/release/wordnet.ts";
import exceptions from "../../../../src/core/metrics/release/wordnet-exceptions.json" with {
  type: "json",
};
import targets from "../../../../src/core/metrics/release/wordnet-targets.json" with {
  type: "json",
};
import { targetSets } from "./target-sets.ts";
import { wordNetTables } from "./wordnet-database.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../golden/eval/synonyms.json", import.meta.url), "utf8"),
) as { readonly sets: readonly TargetSet[]; readonly words: Record<string, (string | null)[]> };

it("gives the class that NLTK finds for each of 565 words in each of four lists", () => {
  expect(Object.keys(golden.words)).toHaveLength(565);
  const classes = golden.sets.map((set) => new Set(targetSets[set].map(refine)));
  const found = Object.keys(golden.words).map((word) => [
    word,
    golden.sets.map((set, i) => findSynonym(word, set, classes[i]!) ?? null),
  ]);
  expect(Object.fromEntries(found)).toEqual(golden.words);
});

it("ships the tables that the WordNet 3.0 database gives", () => {
  expect(wordNetTables(targetSets)).toEqual({ targets, exceptions });
});

it.each([
  ["grass", "pot"],
  ["palm leaf", "handle"],
  ["Leaves", "leaf"], // irregular: a look-up by rules would try "leave"
  ["sunhats", undefined],
  ["", undefined],
])("takes %j for %j", (word, name) => {
  expect(findSynonym(word, "vg150_objects", new Set(targetSets.vg150_objects))).toBe(name);
});
