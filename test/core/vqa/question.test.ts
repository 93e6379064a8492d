import fc from "fast-check";
import { expect, test } from "vitest";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import type { Target } from "../../../src/core/graph/scene-graph.ts";
import { questionsOf } from "../../../src/core/vqa/question.ts";

const street: Target = {
  image_id: "7",
  width: 100,
  height: 80,
  objects: [
    { id: "man.1", bbox: [0, 0, 10, 20] },
    { id: "bike.2", bbox: [5, 10, 30, 40] },
  ],
  relationships: [
    { subject: "man.1", predicate: "riding", object: "bike.2" },
    { subject: "man.1", predicate: "on", object: "bike.2" },
    { subject: "man.1", predicate: "riding", object: "bike.2" },
    { subject: "bike.2", predicate: "under", object: "man.1" },
  ],
};

test("one question a relation, a repeated one once, with the number of its relation", () => {
  const ids = questionsOf(street, vg150.predicates, 0).map(({ question_id }) => question_id);
  expect(ids).toEqual(["7-0", "7-1", "7-3"]);
});

test("a question names its two objects, their boxes, and the image's size", () => {
  const [first] = questionsOf(street, vg150.predicates, 0);
  expect(first).toMatchObject({
    image_id: "7",
    width: 100,
    height: 80,
    subject: { name: "man", bbox: [0, 0, 10, 20] },
    object: { name: "bike", bbox: [5, 10, 30, 40] },
  });
});

test("another true predicate of the pair is never a wrong option", () => {
  const few = ["riding", "on", "near", "has", "under"];
  for (let seed = 0; seed < 50; seed += 1) {
    const [riding] = questionsOf(street, few, seed);
    expect([...riding!.options].sort()).toEqual(["has", "near", "riding", "under"]);
  }
});

test("the right option stands where the answer says, and the four differ", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      for (const { options, answer, question_id } of questionsOf(street, vg150.predicates, seed)) {
        expect(new Set(options).size).toBe(4);
        const { predicate } = street.relationships[Number(question_id.split("-")[1])]!;
        expect(options[answer]).toBe(predicate);
      }
    }),
  );
});

test("places and wrong options are drawn evenly", () => {
  const places = [0, 0, 0, 0];
  const drawn = new Map<string, number>();
  for (let seed = 0; seed < 4000; seed += 1) {
    const [question] = questionsOf(street, vg150.predicates, seed);
    places[question!.answer]! += 1;
    for (const option of question!.options.toSpliced(question!.answer, 1))
      drawn.set(option, (drawn.get(option) ?? 0) + 1);
  }
  // 4000 draws: 1000 a place with a deviation of 27; 3 of 48 predicates: 250 each, deviation 15
  for (const count of places) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(drawn.size).toBe(48);
  for (const count of drawn.values()) expect(Math.abs(count - 250)).toBeLessThan(80);
});

test("the same seed draws the same, another seed something else", () => {
  const draw = (seed: number) => JSON.stringify(questionsOf(street, vg150.predicates, seed));
  expect(draw(3)).toBe(draw(3));
  expect(draw(3)).not.toBe(draw(4));
});

test("too few predicates, or a relation to nothing, is said", () => {
  expect(() => questionsOf(street, ["riding", "on", "near", "has"], 0)).toThrow(
    "2 wrong predicates to draw from, expected at least 3",
  );
  const loose = [{ subject: "man.1", predicate: "on", object: "sky.9" }];
  expect(() => questionsOf({ ...street, relationships: loose }, vg150.predicates, 0)).toThrow(
    '7: no object "sky.9"',
  );
});
