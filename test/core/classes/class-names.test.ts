import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { namesIn } from "../../../src/core/classes/class-names.ts";
import { psg } from "../../../src/core/classes/psg.ts";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import { refine } from "../../../src/core/graph/names.ts";

const inAlphabet = (names: readonly string[]): readonly string[] => [...names].sort();

it("parts names at commas and lets line ends be spaces", () => {
  expect(namesIn("\n  traffic light, fire hydrant,\n  cat\n")).toEqual([
    "traffic light",
    "fire hydrant",
    "cat",
  ]);
});

it("has the 150 objects and 50 predicates of VG150, both in alphabetical order", () => {
  expect(vg150.objects).toHaveLength(150);
  expect(vg150.predicates).toHaveLength(50);
  expect(vg150.objects).toEqual(inAlphabet(vg150.objects));
  expect(vg150.predicates).toEqual(inAlphabet(vg150.predicates));
  expect([vg150.objects[0], vg150.objects[77], vg150.objects[149]]).toEqual([
    "airplane",
    "man",
    "zebra",
  ]);
  expect([vg150.predicates[0], vg150.predicates[30], vg150.predicates[49]]).toEqual([
    "above",
    "on",
    "with",
  ]);
});

it("has the 133 objects of PSG, 80 things before 53 kinds of stuff, and 56 predicates", () => {
  expect(psg.objects).toHaveLength(133);
  expect(psg.predicates).toHaveLength(56);
  expect([psg.objects[0], psg.objects[79]]).toEqual(["person", "toothbrush"]);
  expect([psg.objects[80], psg.objects[132]]).toEqual(["banner", "rug-merged"]);
  expect([psg.predicates[0], psg.predicates[55]]).toEqual(["over", "leaning on"]);
});

it.each([
  ["VG150 objects", vg150.objects],
  ["VG150 predicates", vg150.predicates],
  ["PSG objects", psg.objects],
  ["PSG predicates", psg.predicates],
])("has each of the %s once, written with single spaces and in lower case", (_, names) => {
  expect(new Set(names.map(refine)).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+([ -][a-z]+)*$/);
});

/** SHA-256 over the names, a line each: whoever reorders or respells one sees it here. */
it.each([
  [
    "VG150 objects",
    vg150.objects,
    "677c04864f7ac981bc490e4d2c0529209508832dc2a1760f3c0abb69a9195b2a",
  ],
  [
    "VG150 predicates",
    vg150.predicates,
    "bdf563ba7308e8102332ba14d2a592235d9a9ea398505620824dbe0495c26231",
  ],
  ["PSG objects", psg.objects, "a670bc7c1167e453f040d13f39199fe2c5f73314851fb4c04813bbecc0f2714b"],
  [
    "PSG predicates",
    psg.predicates,
    "6ebe7cc87ff0f7cf464264672beed78e09601aae24b0ae168d544563b595bd01",
  ],
])("keeps the %s as they are published", (_, names, sha256) => {
  expect(createHash("sha256").update(names.join("\n")).digest("hex")).toBe(sha256);
});
