import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SggError } from "../errors.ts";

/** What a data file's name says: the set it is part of, its kind, and which of how many it is. */
interface Shard {
  readonly name: string;
  readonly set: string;
  readonly kind: string;
  readonly of?: number;
}

const expected = "a .jsonl or .parquet file, or a folder that holds one set of them";

/**
 * The files that a path means, absolute and in order: one file, or all shards of a set.
 *
 * A folder is looked through itself, and where it holds no data, its folder `data` (the Hub's
 * layout). With `set` (`train`) only files of that set count.
 *
 * Errors: SggError DATA when nothing is there, when there are several sets, and for a missing shard.
 */
export async function datasetFiles(path: string, set?: string): Promise<readonly string[]> {
  const cannot = (found: string, cause?: unknown) =>
    new SggError("DATA", `Cannot load "${path}": ${found}, expected ${expected}`, { cause });
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cannot(cause.code === "ENOENT" ? "nothing there" : cause.message, cause);
  });
  if (!stats.isDirectory()) {
    if (shardOf(path) === undefined) throw cannot("another kind of file");
    return [resolve(path)];
  }
  const names = await readdir(path);
  const here = oneSet(names, set, cannot);
  if (here.length > 0) return here.map((name) => resolve(path, name));
  const inside = names.includes("data") ? await readdir(join(path, "data")).catch(() => []) : [];
  const below = oneSet(inside, set, cannot);
  if (below.length > 0) return below.map((name) => resolve(path, "data", name));
  const sets = [...setsOf(names), ...setsOf(inside)];
  if (set === undefined || sets.length === 0)
    throw cannot("a folder without a .jsonl or .parquet file");
  throw cannot(`no set "${set}" (found ${sets.join(", ")})`);
}

/**
 * The names that make up one set of data files, in order; none where there is no data.
 *
 * Errors: what `cannot` makes of several sets, two kinds, or a missing shard.
 */
export function oneSet(
  names: readonly string[],
  set: string | undefined,
  cannot: (found: string) => Error,
): readonly string[] {
  const sets = inSets(names);
  const wanted = [...sets.values()].filter(
    ([first]) => set === undefined || basename(first?.set ?? "") === set,
  );
  if (wanted.length > 1) throw cannot(`a folder with several sets (${setsOf(names).join(", ")})`);
  const found = (wanted[0] ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const of = found[0]?.of ?? found.length;
  if (found.length !== of || found.some((shard) => shard.of !== found[0]?.of))
    throw cannot(`${found.length} of ${of} shards of ${found[0]?.set}`);
  return found.map(({ name }) => name);
}

/** The shards of each set, by its name and kind. */
const inSets = (names: readonly string[]) =>
  Map.groupBy(
    names.map(shardOf).filter((shard) => shard !== undefined),
    ({ set, kind }) => `${set}.${kind}`,
  );

/** The sets that files are parts of, for example `data/train.parquet`. */
export const setsOf = (names: readonly string[]): readonly string[] =>
  [...inSets(names).keys()].sort();

/** The name of the set that a file is part of: `train` for `data/train-00001-of-00003.parquet`. */
export const setName = (path: string): string => {
  const { set = "" } = shardOf(path) ?? {};
  return /^\w[\w.-]*$/.test(basename(set)) ? basename(set) : "train";
};

/**
 * Reads a file's name: `data/train-00001-of-00003.parquet` is of the set `data/train`, and what is
 * numbered alone (`train/0001.parquet`) is of its folder.
 */
function shardOf(name: string): Shard | undefined {
  const [, stem, kind] = /^(.+)\.(jsonl|parquet)$/s.exec(name) ?? [];
  if (stem === undefined || kind === undefined) return undefined;
  const [, set, of] = /^(.+)-\d+-of-(\d+)(?:-[0-9a-f]+)?$/.exec(stem) ?? [];
  if (set !== undefined) return { name, set, kind, of: Number(of) };
  return { name, set: /^\d+$/.test(basename(stem)) ? dirname(stem) : stem, kind };
}
