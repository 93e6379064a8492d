import { expect, it } from "vitest";
import { chunks } from "../../../../src/core/similarity/spacy/chunks.ts";
import { createTokenizer } from "../../../../src/core/similarity/spacy/tokenizer.ts";
import { spacyTables } from "../../../helpers/spacy.ts";

const tokenize = createTokenizer(spacyTables);

/** Words; a token that a space follows has it at its end, one with a norm of its own shows it. */
const shown = (text: string): readonly string[] =>
  tokenize(text).map(
    ({ orth, norm, spaceAfter }) =>
      `${orth}${norm === undefined ? "" : `=${norm}`}${spaceAfter ? "␠" : ""}`,
  );

/** All from spaCy 3.8.18 with en_core_web_sm 3.8.0. */
it.each([
  ["", []],
  ["traffic light", ["traffic␠", "light"]],
  ["wall-other-merged", ["wall", "-", "other", "-", "merged"]],
  ["t-shirt", ["t", "-", "shirt"]],
  ["man's hat", ["man", "'s␠", "hat"]],
  ["cat/dog", ["cat", "/", "dog"]],
  ["(cat)", ["(", "cat", ")"]],
  ["...wait", ["...", "wait"]],
  ["can't", ["ca=can", "n't=not"]],
  ["cannot stop", ["can", "not␠", "stop"]],
  ["10am", ["10", "am=a.m."]],
  ["5kg", ["5", "kg"]],
  ["$5", ["$", "5"]],
  ["1,000.50", ["1,000.50"]],
  ["e-mail@x.org", ["e-mail@x.org"]],
  ["http://a.b/c.png", ["http://a.b", "/", "c.png"]],
  ["a:-)b", ["a:-)b"]],
  ["e.g.,", ["e.g.", ","]],
  ["😀😀", ["😀", "😀"]],
  ["a\u200bb", ["a\u200bb"]],
])("cuts %j as spaCy does", (text, tokens) => {
  expect(shown(text)).toEqual(tokens);
});

it.each([
  ["a  b", ["a␠", " ", "b"]],
  [" lead", [" ", "lead"]],
  ["trail ", ["trail␠"]],
  ["a \t", ["a␠", "\t"]],
  ["\t\n", ["\t\n"]],
  ["\u00a0x\u2003y", ["\u00a0=  ", "x", "\u2003", "y"]],
])("keeps the white space of %j as spaCy does", (text, tokens) => {
  expect(shown(text)).toEqual(tokens);
});

it.each([
  ["x''", ["x", "''"]],
  ["'cause/b", ["'cause=because", "/", "b"]],
  ["(*_*)(*_*)", ["(*_*)", "(*_*)"]],
])("puts together again what the cutting of affixes tore apart in %j", (text, tokens) => {
  expect(shown(text)).toEqual(tokens);
});

it("loses no character", () => {
  for (const text of ["  a  ", "don't(!)", "x\u0085y z", "(╯°□°）╯︵┻━┻)", "it's 10am."]) {
    const joined = tokenize(text).map(({ orth, spaceAfter }) => (spaceAfter ? `${orth} ` : orth));
    expect(joined.join("")).toBe(text);
  }
});

it("cuts at white space, of which one space belongs to the word before it", () => {
  expect(chunks(" a  b ")).toEqual([
    { text: " ", spaceAfter: false },
    { text: "a", spaceAfter: true },
    { text: " ", spaceAfter: false },
    { text: "b", spaceAfter: true },
  ]);
});
