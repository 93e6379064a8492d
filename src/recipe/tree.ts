/** Where a value was written: a file and its line, or an option of the command line. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A YAML value that remembers where each part of it was written. */
export type Tree =
  | { readonly at: Place; readonly scalar: Scalar }
  | { readonly at: Place; readonly list: readonly Tree[] }
  | { readonly at: Place; readonly map: ReadonlyMap<string, Tree> };

/** What a leaf may be. */
export type Scalar = string | number | boolean | null;

/** Keys of which a map has one: what it has decides what else it may hold. */
const sourceKeys = ["id", "path", "from", "tiny", "synth"];
/** Keys of which a section has one. */
const lengthKeys = ["steps", "epochs"];

/**
 * One value over another: maps are merged key by key, anything else replaces, null removes.
 *
 * A map that names another source (another `id`, a `path` for an `id`) replaces the one below it whole, so that
 * no revision of the old one stays behind. `steps` takes the place of `epochs` and the reverse.
 *
 * @example
 * // { sft: { epochs: 3, lora: { rank: 8 } } } under { sft: { steps: 9, lora: null } }
 * // gives { sft: { steps: 9 } }
 */
export function merge(under: Tree, over: Tree): Tree {
  if (!("map" in under) || !("map" in over)) return over;
  if (isOtherSource(under, over)) return over;
  const map = new Map(under.map);
  if (lengthKeys.some((key) => over.map.has(key))) for (const key of lengthKeys) map.delete(key);
  for (const [key, value] of over.map) {
    const old = map.get(key);
    map.set(key, old === undefined ? value : merge(old, value));
  }
  return { at: over.at, map };
}

type MapTree = Extract<Tree, { readonly map: ReadonlyMap<string, Tree> }>;

const isOtherSource = (under: MapTree, over: MapTree): boolean =>
  sourceKeys.some((key) => {
    const [old, value] = [under.map.get(key), over.map.get(key)];
    if (value === undefined || isNull(value) || (old && "map" in old && "map" in value))
      return false;
    return JSON.stringify(old && toPlain(old)) !== JSON.stringify(toPlain(value));
  });

/** The plain value; a key whose value is null is left out. */
export function toPlain(tree: Tree): unknown {
  if ("scalar" in tree) return tree.scalar;
  if ("list" in tree) return tree.list.map(toPlain);
  const kept = [...tree.map].filter(([, value]) => !isNull(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, toPlain(value)]));
}

const isNull = (tree: Tree): boolean => "scalar" in tree && tree.scalar === null;

/** Where the value at a path was written, or the nearest value that holds it. */
export function placeOf(tree: Tree, path: readonly PropertyKey[]): Place {
  const [head, ...rest] = path;
  const child =
    "map" in tree
      ? tree.map.get(String(head))
      : "list" in tree
        ? tree.list[Number(head)]
        : undefined;
  return child === undefined ? tree.at : placeOf(child, rest);
}

/** The same tree with every text put through a function. */
export function mapTexts(tree: Tree, change: (text: string, at: Place) => string): Tree {
  const { at } = tree;
  if ("list" in tree) return { at, list: tree.list.map((item) => mapTexts(item, change)) };
  if ("map" in tree)
    return { at, map: new Map([...tree.map].map(([key, one]) => [key, mapTexts(one, change)])) };
  return typeof tree.scalar === "string" ? { at, scalar: change(tree.scalar, at) } : tree;
}
