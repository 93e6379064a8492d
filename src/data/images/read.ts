import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { openParquet, parquetImageOf } from "../parquet/open.ts";
import { parquetValue } from "../parquet/value.ts";
import { realFolder } from "../real-folder.ts";

/**
 * The bytes of an image: a file's, or those in a row of a parquet file (`FILE.parquet#ROW`).
 *
 * Errors: those of `node:fs`; SggError DATA for parquet that cannot be read; RangeError for a row
 * that has no image.
 */
export async function readImage(path: string): Promise<Uint8Array> {
  const inside = parquetImageOf(path);
  if (inside === undefined) return readRegular(path);
  const parquet = await openParquet(inside.path);
  try {
    const [record] = await parquet.read(inside.row, inside.row + 1, ["image"]);
    if (record === undefined) throw new RangeError(`only ${parquet.rows} rows`);
    const { bytes, path: outside } = parquetValue(record);
    if (bytes !== undefined) return bytes;
    if (outside === undefined) throw new RangeError("a row without an image");
    return await readRegular(resolve(await realFolder(dirname(inside.path)), outside));
  } finally {
    await parquet.close();
  }
}

/** A pipe would be waited for, and a device read for ever. */
async function readRegular(path: string): Promise<Uint8Array> {
  const stats = await stat(path);
  if (!stats.isFile() && !stats.isDirectory()) throw new RangeError("a device or pipe");
  return readFile(path);
}

/** Why an image could not be read or decoded, in a few words. */
export function imageReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "a folder";
  return `unreadable (${message.split("\n")[0]})`;
}
