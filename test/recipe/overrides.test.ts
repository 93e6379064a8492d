import { expect, it } from "vitest";
import { withOverrides } from "../../src/recipe/overrides.ts";
import { readYaml } from "../../src/recipe/read-yaml.ts";
import { toPlain } from "../../src/recipe/tree.ts";

const set = (yaml: string, ...settings: string[]): unknown =>
  toPlain(withOverrides(readYaml(yaml, "a.yaml").tree, settings));

it.each([
  ["a: 1", ["a=2"], { a: 2 }],
  ["a: { b: 1, c: 2 }", ["a.b=3"], { a: { b: 3, c: 2 } }],
  ["a: { b: 1, c: 2 }", ["a={b: 3}"], { a: { b: 3, c: 2 } }],
  ["a: { b: 1, c: 2 }", ["a.b=null"], { a: { c: 2 } }],
  ["a: [x, { y: 1, z: 2 }]", ["a.1.y=5"], { a: ["x", { y: 5, z: 2 }] }],
  ["a: [1, 2]", ["a=[3]"], { a: [3] }],
  ["a: 1", ["b.c.d=e=f"], { a: 1, b: { c: { d: "e=f" } } }],
  ["a: 1", ["a=", "b='3'"], { b: "3" }],
  ["sft: { epochs: 3 }", ["sft.steps=4"], { sft: { steps: 4 } }],
  ["model: { id: x, revision: y }", ["model.from=z.yaml"], { model: { from: "z.yaml" } }],
  ["a: 1", ["a=2", "a=3"], { a: 3 }],
])("puts into %j %j", (yaml, settings, expected) => {
  expect(set(yaml, ...settings)).toEqual(expected);
});

it.each([
  ["nothing", "no key, expected key=value"],
  ["=4", "no key"],
  ["a..b=4", "no key"],
  ["a=[1", "Cannot set"],
  ["l.2=4", 'no place "2" in a list of 2, expected one of its places, from 0'],
  ["l.x=4", 'no place "x"'],
])("refuses %j", (setting, message) => {
  expect(() => set("l: [1, 2]", setting)).toThrow(message);
});
