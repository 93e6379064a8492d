import fc from "fast-check";
import { expect, it } from "vitest";
import { predictedGraph } from "../../../src/core/graph/predicted-graph.ts";
import { awkwardText, damagedCompletion, target, toCompletion } from "../../helpers/arbitraries.ts";

const size = { width: 640, height: 480 };
const read = (answer: unknown) => predictedGraph(JSON.stringify(answer), [1000, 1000], size);
const cat = { id: "cat.1", bbox: [0, 0, 500, 1000] };

it("gives boxes in pixels of the image and refined names", () => {
  const relationships = [{ subject: "Cat.1", predicate: "Sitting_On", object: "wall-other.2" }];
  expect(read({ objects: [{ ...cat, id: " Cat.1" }], relationships })).toEqual({
    ok: true,
    graph: {
      objects: [{ id: "cat.1", bbox: [0, 0, 320, 480] }],
      relationships: [{ subject: "cat.1", predicate: "sitting on", object: "wall other.2" }],
    },
  });
});

it("scales both axes by their own box scale", () => {
  const answer = '{"objects":[{"id":"a.1","bbox":[10,10,20,20]}],"relationships":[]}';
  const parsed = predictedGraph(answer, [20, 40], { width: 200, height: 100 });
  expect(parsed.ok && parsed.graph.objects[0]?.bbox).toEqual([100, 25, 200, 50]);
});

it("lets NaN, infinities, booleans and boxes outside the image pass", () => {
  const box = '{"id":"a.1","bbox":[NaN,-Infinity,true,-5000]}';
  const parsed = predictedGraph(`{"objects":[${box}],"relationships":[]}`, [1000, 1000], size);
  expect(parsed.ok && parsed.graph.objects[0]?.bbox).toEqual([Number.NaN, -Infinity, 0.64, -2400]);
});

it("takes an empty text or object for an empty list, as Python's loops do", () => {
  expect(read({ objects: "", relationships: {} })).toEqual({
    ok: true,
    graph: { objects: [], relationships: [] },
  });
});

const one = (field: object) => ({ objects: [cat, { ...cat, ...field }], relationships: [] });
const relation = { subject: "cat.1", predicate: "on", object: "cat.1" };
const two = (field: unknown) => ({ objects: [cat], relationships: [relation, field] });
it.each([
  [[], "the answer is a list, expected an object"],
  [null, "the answer is null, expected an object"],
  ["x", "the answer is text, expected an object"],
  [{ relationships: [] }, "objects: missing, expected a list"],
  [{ objects: null, relationships: [] }, "objects: null, expected a list"],
  [{ objects: { a: 1 }, relationships: [] }, "objects: an object, expected a list"],
  [{ objects: ["cat"], relationships: [] }, "objects[0]: text, expected an object"],
  [one({ id: undefined }), "objects[1].id: missing, expected text"],
  [one({ id: 7 }), "objects[1].id: a number, expected text"],
  [one({ bbox: undefined }), "objects[1].bbox: missing, expected a list"],
  [one({ bbox: "1234" }), "objects[1].bbox: text, expected a list"],
  [one({ bbox: [1, 2, 3] }), "objects[1].bbox: 3 entries, expected 4 numbers"],
  [one({ bbox: [1, 2, 3, "4"] }), "objects[1].bbox: text, expected 4 numbers"],
  [one({ bbox: [1, 2, null, 4] }), "objects[1].bbox: null, expected 4 numbers"],
  [{ objects: [] }, "relationships: missing, expected a list"],
  [two("a on b"), "relationships[1]: text, expected an object"],
  [two({ ...relation, subject: 1 }), "relationships[1].subject: a number, expected text"],
  [two({ ...relation, predicate: null }), "relationships[1].predicate: null, expected text"],
  [two({ subject: "", predicate: "" }), "relationships[1].object: missing, expected text"],
])("says why %j is no graph", (answer, reason) => {
  expect(read(answer)).toEqual({ ok: false, reason });
});

it("says why an integer that no float can hold spoils a box", () => {
  const text = `{"objects":[{"id":"a.1","bbox":[1${"0".repeat(400)},0,0,0]}],"relationships":[]}`;
  expect(predictedGraph(text, [1000, 1000], size)).toEqual({
    ok: false,
    reason: "objects[0].bbox: an integer beyond the range of float64",
  });
});

it("finds again what was written, when scale and size are the same", () => {
  fc.assert(
    fc.property(target(), ({ objects, relationships }) => {
      const response = toCompletion({ objects, relationships });
      const parsed = predictedGraph(response, [1000, 1000], { width: 1000, height: 1000 });
      expect(parsed).toEqual({ ok: true, graph: { objects, relationships } });
    }),
  );
});

it("never throws and always has a graph or a reason", () => {
  fc.assert(
    fc.property(fc.oneof(awkwardText(), damagedCompletion(), fc.string()), (response) => {
      const parsed = predictedGraph(response, [1000, 1000], size);
      if (!parsed.ok) expect(parsed.reason).toMatch(/\S/);
      else expect(parsed.graph.objects.every(({ bbox }) => bbox.length === 4)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
