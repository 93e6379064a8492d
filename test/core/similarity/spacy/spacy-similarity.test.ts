import fc from "fast-check";
import { expect, it } from "vitest";
import { spacyModel } from "../../../../src/core/similarity/spacy/model.ts";
import { spacyDoc } from "../../../../src/core/similarity/spacy/spacy-doc.ts";
import { spacySimilarity } from "../../../../src/core/similarity/spacy/spacy-similarity.ts";
import { phrase } from "../../../helpers/phrases.ts";
import { spacyTables, spacyWeights } from "../../../helpers/spacy.ts";

const model = spacyModel(spacyWeights, spacyTables);
const { similarity } = spacySimilarity(model);

it("finds a man and a person much alike, a man and a person's absence not at all", () => {
  expect(similarity("person", "man")).toBeCloseTo(0.80984, 5);
  expect([similarity("", "man"), similarity("man", "")]).toEqual([0, 0]);
  expect(similarity("", "")).toBe(1);
});

it("is exactly 1 for equal tokens, however they are spaced", () => {
  expect(similarity("hat", "hat ")).toBe(1);
  expect(similarity("traffic light", "traffic light ")).toBe(1);
  expect(similarity("t-shirt", "t - shirt")).toBe(1);
  expect(similarity("hat", " hat")).toBeLessThan(1); // a space in front is a token
});

it("is symmetric, within [-1, 1], and 1 for the same", () => {
  fc.assert(
    fc.property(phrase(), phrase(), (a, b) => {
      const found = similarity(a, b);
      expect(found).toBe(similarity(b, a));
      expect(Math.abs(found)).toBeLessThanOrEqual(1);
      expect(similarity(a, a)).toBe(1);
    }),
  );
});

it("has single precision, as spaCy's has", () => {
  fc.assert(
    fc.property(phrase(), phrase(), (a, b) => {
      expect(similarity(a, b)).toBe(Math.fround(similarity(a, b)));
    }),
  );
});

it("stays within [-1, 1] where rounding would not", () => {
  const vector = new Float32Array(96).fill(0.1);
  const twice = vector.map((x) => x * 3);
  const { similarity: between } = spacySimilarity((text) =>
    spacyDoc([text], text.startsWith("b") ? twice : vector),
  );
  expect(between("a", "b")).toBe(1);
});

it.each(["\ud800", "a\udc00b", "\0", "\u0000\u0001", "e\u0301", "👩‍👩‍👧", "x".repeat(3000)])(
  "has a finite number for %j",
  (text) => {
    expect(Math.abs(similarity(text, "person"))).toBeLessThan(1);
  },
);

it("does not mistake one list of tokens for another", () => {
  expect(model("a\0b").words).toEqual(["a\0b"]);
  expect(similarity("a\0b", "a b")).toBeLessThan(1);
});

it("reads each term once while it is kept, and keeps no more than its capacity", () => {
  const read: string[] = [];
  const kept = spacySimilarity(
    (text) => {
      read.push(text);
      return model(text);
    },
    { capacity: 100 },
  );
  kept.warm(["hat", "man"]);
  kept.similarity("hat", "man");
  kept.similarity("man", "cap");
  expect(read).toEqual(["hat", "man", "cap"]);
  for (let i = 0; i < 1000; i += 1) {
    kept.similarity("hat", `hat ${i}`);
    expect(kept.size()).toBeLessThanOrEqual(100);
  }
  expect(read.filter((text) => text === "hat")).toHaveLength(1); // asked for all the time
});

it("lets long terms take the room of several", () => {
  const kept = spacySimilarity(() => spacyDoc([], new Float32Array(96)), { capacity: 100 });
  for (let i = 0; i < 100; i += 1) kept.docOf(`${i}`.padStart(64 * 9));
  expect(kept.size()).toBeLessThanOrEqual(10);
});

it("never reads what it knows from the beginning", () => {
  const known = new Map([["hat", model("cap")]]);
  const kept = spacySimilarity(model, { known });
  expect(kept.docOf("hat").words).toEqual(["cap"]);
  expect(kept.size()).toBe(0);
});
