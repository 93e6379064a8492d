import { stat } from "node:fs/promises";
import type { ImageKeys } from "./image-keys.ts";
import { sourceFile } from "./prepare/source-file.ts";

/**
 * How many images are, byte for byte, among some others; or why that cannot be said.
 *
 * Only files of a size that both have are read. Errors: SggError DATA for a file that cannot be read
 */
export async function sameFiles(
  images: readonly ImageKeys[],
  others: readonly ImageKeys[],
): Promise<number | string> {
  const all = [...images, ...others];
  if (all.some(({ path }) => path === undefined)) return "some rows have no image";
  if (all.some(({ path }) => /\.parquet#\d+$/.test(path!)))
    return "images inside parquet files are not compared";
  const sizes = new Map<string, number>();
  for (const { path } of all) {
    const found = await stat(path!).catch(() => null);
    if (found === null) return "not all image files are here any more";
    sizes.set(path!, found.size);
  }
  const sizeOf = ({ path }: ImageKeys): number => sizes.get(path!)!;
  const wanted = new Set(images.map(sizeOf));
  const there = new Map<number, Set<string>>();
  const digests = new Map<string, string>();
  const digestOf = async ({ path }: ImageKeys): Promise<string> => {
    const known = digests.get(path!) ?? (await sourceFile(path!)).sha256;
    digests.set(path!, known);
    return known;
  };
  for (const other of others) {
    const size = sizeOf(other);
    if (!wanted.has(size)) continue;
    const same = there.get(size) ?? new Set();
    there.set(size, same.add(await digestOf(other)));
  }
  let shared = 0;
  for (const image of images) if (there.get(sizeOf(image))?.has(await digestOf(image))) shared += 1;
  return shared;
}
