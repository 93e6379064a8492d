import { expect, it } from "vitest";
import {
  applySpecialCases,
  phraseTree,
} from "../../../../src/core/similarity/spacy/special-cases.ts";
import { plainToken, type SpecialCases } from "../../../../src/core/similarity/spacy/token.ts";

const special: SpecialCases = new Map(
  ["ab", "bcd", "d e", "ef", "f"].map((text) => [text, [{ ...plainToken(text), norm: "special" }]]),
);
const phrases = phraseTree([["a", "b"], ["b", "c", "d"], ["d", "e"], ["e", "f"], ["f"]]);

const apply = (text: string): readonly string[] =>
  applySpecialCases(
    [...text.matchAll(/\S( ?)/g)].map(([word, space]) => ({
      ...plainToken(word.trim()),
      spaceAfter: space === " ",
    })),
    phrases,
    special,
  ).map(({ orth, norm, spaceAfter }) => `${orth}${norm ? "!" : ""}${spaceAfter ? "␠" : ""}`);

it.each([
  ["leaves alone what is no special case", "xyz", ["x", "y", "z"]],
  ["makes one token of a special case", "xab y", ["x", "ab!␠", "y"]],
  ["lets the longer win", "abcd", ["a", "bcd!"]],
  ["lets the earlier win of two that are as long", "efx", ["ef!", "x"]],
  ["takes a word that is a special case by itself", "xf", ["x", "f!"]],
  ["looks at the text: spaces in between must be those of the special case", "a b", ["a␠", "b"]],
  ["and where it has one, it must be there", "d ex", ["d e!", "x"]],
  ["loses what one that lost has touched", "d ef", ["d e!", "f"]],
])("%s", (_, text, tokens) => {
  expect(apply(text)).toEqual(tokens);
});
