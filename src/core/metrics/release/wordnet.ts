import exceptions from "./wordnet-exceptions.json" with { type: "json" };
import tables from "./wordnet-targets.json" with { type: "json" };

/** The lists of classes that words are mapped into. */
export type TargetSet = keyof typeof tables;

/** Order of NLTK: nouns, verbs, adjectives, adverbs. */
const partsOfSpeech = ["n", "v", "a", "r"] as const;
type PartOfSpeech = (typeof partsOfSpeech)[number];

/**
 * Endings that WordNet's look-up takes off, each once, in its order.
 *
 * Source: WordNet 3.0, morphy(7WN)
 */
const endings: Readonly<Record<PartOfSpeech, readonly (readonly [old: string, now: string])[]>> = {
  n: [
    ["s", ""],
    ["ses", "s"],
    ["ves", "f"],
    ["xes", "x"],
    ["zes", "z"],
    ["ches", "ch"],
    ["shes", "sh"],
    ["men", "man"],
    ["ies", "y"],
  ],
  v: [
    ["s", ""],
    ["ies", "y"],
    ["es", "e"],
    ["es", ""],
    ["ed", "e"],
    ["ed", ""],
    ["ing", "e"],
    ["ing", ""],
  ],
  a: [
    ["er", ""],
    ["est", ""],
    ["er", "e"],
    ["est", "e"],
  ],
  r: [],
};

type Words = ReadonlyMap<string, string>;

/** Base form to the first class among its synonyms: tables list the base forms under their class. */
const targetOf: Readonly<Record<TargetSet, Readonly<Record<PartOfSpeech, Words>>>> = {
  vg150_objects: perPart(tables.vg150_objects, inverted),
  vg150_predicates: perPart(tables.vg150_predicates, inverted),
  psg_objects: perPart(tables.psg_objects, inverted),
  psg_predicates: perPart(tables.psg_predicates, inverted),
};

/** Irregular form to its base forms. */
const irregular = perPart(exceptions, (forms) => new Map(Object.entries(forms)));

/**
 * The class that the reference takes a word or phrase for, by synonyms of WordNet; undefined for none.
 *
 * A phrase is never found whole, since WordNet writes it with underscores; so its words are tried
 * from left to right, each as itself and then by its synonyms: the first lemma of its senses, in
 * WordNet's order, that is a class. The senses are not shipped, only where they lead: the tables
 * hold, for each base form, the first class among its synonyms, and `test/core/metrics/release`
 * makes them anew from the database.
 *
 * Shape:  `classes` are the names of `set`, as they are compared (refined)
 * Errors: none; any text has an answer
 * Source: R1-SGG e4de64d `src/utils/wordnet.py`, `find_synonym_map`; NLTK 3.10.4 `synsets`;
 *         WordNet 3.0, see LICENSE-WORDNET. Its slips are kept: "grass" is "pot", "wall" is "fence".
 *
 * @example
 * findSynonym("grass", "vg150_objects", new Set(["pot"])); // "pot"
 */
export function findSynonym(
  phrase: string,
  set: TargetSet,
  classes: ReadonlySet<string>,
): string | undefined {
  if (classes.has(phrase)) return phrase;
  for (const word of phrase.split(/\s+/)) {
    const found = classes.has(word) ? word : bySense(word, set);
    if (found !== undefined) return found;
  }
  return undefined;
}

function bySense(word: string, set: TargetSet): string | undefined {
  for (const part of partsOfSpeech)
    for (const form of baseForms(word.toLowerCase(), part)) {
      const found = targetOf[set][part].get(form);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** The forms that NLTK's `_morphy` tries: irregular ones take the place of rules. */
function baseForms(word: string, part: PartOfSpeech): readonly string[] {
  const bases = irregular[part].get(word);
  if (bases !== undefined) return [word, ...bases.split(" ")];
  const regular = endings[part]
    .filter(([old]) => word.endsWith(old))
    .map(([old, now]) => word.slice(0, word.length - old.length) + now);
  return [word, ...regular];
}

function perPart<T>(
  tables: Readonly<Record<PartOfSpeech, Readonly<Record<string, string>>>>,
  make: (table: Readonly<Record<string, string>>) => T,
): Readonly<Record<PartOfSpeech, T>> {
  return { n: make(tables.n), v: make(tables.v), a: make(tables.a), r: make(tables.r) };
}

function inverted(classes: Readonly<Record<string, string>>): Words {
  return new Map(
    Object.entries(classes).flatMap(([name, words]) =>
      words.split(" ").map((word) => [word, name] as const),
    ),
  );
}
