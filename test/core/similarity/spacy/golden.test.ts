import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { term } from "../../../../src/core/similarity/similarity.ts";
import { spacyModel } from "../../../../src/core/similarity/spacy/model.ts";
import { spacySimilarity } from "../../../../src/core/similarity/spacy/spacy-similarity.ts";
import { spacyTables, spacyWeights } from "../../../helpers/spacy.ts";

const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../golden/${name}.json`, import.meta.url), "utf8"));

const { pairs } = golden<{ pairs: readonly (readonly [string, string, number])[] }>("similarity");
const { vectors } = golden<{
  vectors: Readonly<Record<string, { readonly words: readonly string[]; readonly vector: string }>>;
}>("vectors");

const { similarity, docOf } = spacySimilarity(spacyModel(spacyWeights, spacyTables));

it("finds 3,193 pairs of ids as similar as the reference does, within 1e-5", () => {
  expect(pairs).toHaveLength(3193);
  const off = pairs.map(([a, b, expected]) => ({
    pair: [a, b],
    off: Math.abs(similarity(term(a), term(b)) - expected),
  }));
  expect(off.filter((one) => !(one.off < 1e-5))).toEqual([]);
});

it("gives 656 terms the tokens and vectors of the reference, within 1e-5", () => {
  const terms = Object.entries(vectors);
  expect(terms).toHaveLength(656);
  for (const [text, { words, vector }] of terms) {
    const expected = new Float32Array(Uint8Array.from(Buffer.from(vector, "base64")).buffer);
    const doc = docOf(text);
    expect(doc.words, text).toEqual(words);
    const off = doc.vector.map((x, i) => Math.abs(x - expected[i]!));
    expect(Math.max(...off), text).toBeLessThan(1e-5);
  }
});
