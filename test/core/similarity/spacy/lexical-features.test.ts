import { expect, it } from "vitest";
import { createLexicalFeatures } from "../../../../src/core/similarity/spacy/lexical-features.ts";
import { createStringId } from "../../../../src/core/similarity/spacy/string-id.ts";
import { plainToken } from "../../../../src/core/similarity/spacy/token.ts";

const idOf = createStringId({});
const featuresOf = createLexicalFeatures({
  symbols: {},
  lexeme_norms: { [`${idOf("Colour")}`]: "color", [`${idOf("both")}`]: "lexeme" },
  base_norms: { "€": "$", both: "base" },
});

it("takes a norm from the special case, the word's, the common one or the lower case", () => {
  const norm = (orth: string, own?: string): bigint =>
    featuresOf({ ...plainToken(orth), norm: own }).NORM;
  expect(norm("Colour", "own")).toBe(idOf("own"));
  expect(norm("Colour")).toBe(idOf("color"));
  expect(norm("both")).toBe(idOf("lexeme"));
  expect(norm("€")).toBe(idOf("$"));
  expect(norm("MAN")).toBe(idOf("man"));
  expect(norm("constructor")).toBe(idOf("constructor"));
});

it("takes the first and the last three characters, not units", () => {
  const { PREFIX, SUFFIX, SHAPE } = featuresOf(plainToken("😀a😀b"));
  expect([PREFIX, SUFFIX, SHAPE]).toEqual(["😀", "a😀b", "😀x😀x"].map(idOf));
  expect(featuresOf(plainToken("ab")).SUFFIX).toBe(idOf("ab"));
});

it("notes whether a space follows, and whether the token is one", () => {
  expect(featuresOf(plainToken("a"))).toMatchObject({ SPACY: 0n, IS_SPACE: 0n });
  expect(featuresOf({ ...plainToken("\u2003 "), spaceAfter: true })).toMatchObject({
    SPACY: 1n,
    IS_SPACE: 1n,
  });
});
