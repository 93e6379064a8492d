import type { Random } from "../../../src/core/random-stream.ts";
import { times, whole } from "./graphs.ts";
import { isToken, type Json, token } from "./json.ts";
import { drawPredicate, oddNames, oddPredicates } from "./words.ts";

type Item = Record<string, Json>;

/** An answer that is still a graph, to be spoilt in place. */
export interface Draft {
  objects: Json;
  relationships: Json;
  [key: string]: Json;
}

const nines = (count: number): string => "9".repeat(count);
const numbers: readonly Json[] = [
  ...["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e300", "-1e300", "1e154", "-0", "-0.0"],
  ...[nines(308), nines(309), nines(400), `-${nines(400)}`, nines(4300), nines(4301), nines(30)],
  ...["1E2", "0.5", "1e-7", "5e-324", "-37", "100000", "01", "1.", ".5", "+1", "0x10", "-NaN"],
].map(token);
const wrongs: readonly Json[] = [null, true, false, "12", "", [1], [], {}, { x: 1 }, 1, 0, 1.5];
const notLists: readonly Json[] = [
  null,
  {},
  "",
  "man",
  { a: 1 },
  3,
  true,
  [null],
  ["man.1"],
  [[]],
  [{}],
];

const boxes: readonly Json[] = [
  ...[[], [1, 2, 3], [1, 2, 3, 4, 5], "1234", "1,2,3,4", null, 7, [[1, 2, 3, 4]], [null, 1, 2, 3]],
  ...[{ x1: 1, y1: 2, x2: 3, y2: 4 }, { 0: 1, 1: 2, 2: 3, 3: 4 }, [true, false, true, true]],
  ...[
    [0, 0, 0, 0],
    [5, 5, 5, 900],
    [9, 9, 3, 3],
    [-50, -60, 70, 80],
    [0, 0, 99999, 99999],
  ],
  ...["NaN", "Infinity", "-Infinity", "1e308"].map((text) => times(4, () => token(text))),
  ["-Infinity", "-Infinity", "Infinity", "Infinity"].map(token),
  ["-1e300", "-1e300", "1e300", "1e300"].map(token),
  ["Infinity", "5", "Infinity", "9"].map(token),
];

/** An item of a list that is there, or none. */
function itemOf(list: Json, random: Random): Item | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const item = random.pick(list);
  const isItem = item !== null && typeof item === "object" && !Array.isArray(item);
  return isItem && !isToken(item) ? item : undefined;
}

/** A copy that may be changed; tokens are not. */
export function fresh(value: Json): Json {
  if (value === null || typeof value !== "object" || isToken(value)) return value;
  if (Array.isArray(value)) return value.map(fresh);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fresh(item)]));
}

const pickFresh = (values: readonly Json[], random: Random): Json => fresh(random.pick(values));

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : []);
const ends = ["subject", "object"] as const;
const fields = ["subject", "predicate", "object"] as const;

/** Gives an object another id, in its relations too unless they shall miss it. */
function rename(draft: Draft, item: Item, id: Json, everywhere: boolean): void {
  const old = item.id;
  item.id = id;
  for (const relation of everywhere ? asList(draft.relationships) : []) {
    const one = relation as Item;
    for (const end of ends) if (one?.[end] === old) one[end] = id;
  }
}

/** One mistake each. */
const mistakes: readonly ((draft: Draft, random: Random) => void)[] = [
  (draft, random) => {
    const box = itemOf(draft.objects, random)?.bbox;
    const value = pickFresh(random.unit() < 0.8 ? numbers : wrongs, random);
    if (Array.isArray(box)) box[whole(random, 0, 3)] = value;
  },
  (draft, random) => {
    const item = itemOf(draft.objects, random);
    if (item) item.bbox = pickFresh(boxes, random);
  },
  (draft, random) => {
    const box = itemOf(draft.objects, random)?.bbox; // one axis, or both, the wrong way round
    if (!Array.isArray(box) || box.length !== 4) return;
    const [x1, y1, x2, y2] = box as [Json, Json, Json, Json];
    box.splice(
      0,
      4,
      ...random.pick([
        [x2, y1, x1, y2],
        [x1, y2, x2, y1],
        [x2, y2, x1, y1],
      ]),
    );
  },
  (draft, random) => {
    const [a, b] = [itemOf(draft.objects, random), itemOf(draft.objects, random)];
    if (a && b) a.bbox = fresh(b.bbox ?? null);
  },
  (draft, random) => {
    const item = itemOf(draft.objects, random);
    if (item) delete item[random.pick(["id", "bbox"])];
  },
  (draft, random) => {
    const item = itemOf(draft.objects, random);
    const number = random.pick([".1", ".1", ".2", "", ".", ".x.1", " .1", ".1 "]);
    if (item) rename(draft, item, random.pick(oddNames) + number, random.unit() < 0.8);
  },
  (draft, random) => {
    const item = itemOf(draft.objects, random);
    if (item) rename(draft, item, pickFresh(wrongs, random), random.unit() < 0.5);
  },
  (draft, random) => {
    const [a, b] = [itemOf(draft.objects, random), itemOf(draft.objects, random)];
    if (a && b && typeof b.id === "string") {
      rename(draft, a, random.pick([b.id, b.id.toUpperCase(), ` ${b.id}`]), random.unit() < 0.5);
    }
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random);
    if (item) item[random.pick(ends)] = random.pick(["dog.9", "man.1", "", "MAN.1", "json"]);
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random);
    if (item) delete item[random.pick(fields)];
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random);
    if (item) item[random.pick(fields)] = pickFresh(wrongs, random);
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random);
    if (item) item.predicate = random.pick(oddPredicates);
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random); // the same pair again
    const again = item && { ...item, predicate: drawPredicate(random) };
    if (again) asList(draft.relationships).splice(whole(random, 0, 3), 0, again);
  },
  (draft, random) => {
    const item = itemOf(draft.relationships, random);
    if (item?.subject !== undefined && item.object !== undefined) {
      [item.subject, item.object] = [item.object, item.subject];
    }
  },
  (draft, random) => {
    const list = asList(draft[random.pick(["objects", "relationships"])]!);
    list.splice(whole(random, 0, list.length), 0, pickFresh(wrongs, random));
  },
  (draft, random) => {
    const list = asList(draft[random.pick(["objects", "relationships"])]!);
    const item = list[whole(random, 0, list.length)];
    if (item !== undefined) list.push(...times(whole(random, 1, 25), () => item));
  },
  (draft, random) => {
    draft[random.pick(["objects", "relationships"])] = pickFresh(notLists, random);
  },
  (draft, random) => {
    delete (draft as Partial<Draft>)[random.pick(["objects", "relationships"])];
  },
  (draft, random) => {
    draft[random.pick(["note", "json", "objects ", "constructor"])] = pickFresh(wrongs, random);
  },
  (draft, random) => {
    draft[random.pick(["objects", "relationships"])] = [];
  },
];

/** Spoils an answer in place, a few times. */
export function spoil(draft: Draft, random: Random): void {
  for (let left = whole(random, 1, 3); left > 0; left -= 1) random.pick(mistakes)(draft, random);
}
