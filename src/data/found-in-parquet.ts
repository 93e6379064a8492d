import { dirname, resolve } from "node:path";
import type { Place } from "./fault.ts";
import { type Found, type FoundOptions, rowsAtOnce } from "./found-rows.ts";
import { layoutColumns } from "./parquet/columns.ts";
import { openParquet, type ParquetFile, parquetImage } from "./parquet/open.ts";
import { notText, type ParquetValue, parquetValue } from "./parquet/value.ts";
import { realFolder } from "./real-folder.ts";
import { notUtf8, parseRow } from "./row.ts";

/** The rows of one parquet file; see `foundRows`. Errors: SggError DATA when it cannot be read. */
export async function* foundInParquet(
  path: string,
  file: Place,
  options: FoundOptions,
): AsyncGenerator<readonly Found[]> {
  const parquet = await openParquet(path);
  try {
    yield* rowsOf(parquet, file, options);
  } finally {
    await parquet.close();
  }
}

async function* rowsOf(
  parquet: ParquetFile,
  file: Place,
  { images, only = () => true, part }: FoundOptions,
): AsyncGenerator<readonly Found[]> {
  const all = layoutColumns(parquet);
  const look = images || !all.includes("width") || !all.includes("height");
  const columns = look ? all : all.filter((column) => column !== "image");
  const stored = !look && all.includes("image");
  const { start: from, end } = part && "rows" in part ? part.rows : { start: 0, end: parquet.rows };
  const folder = await realFolder(dirname(parquet.path));
  const groups = parquet.groups.filter(({ start }) => start >= from && start < end);
  for (const { start, rows } of groups) {
    const wanted = Array.from({ length: rows }, (_, at) => start + at).filter(only);
    if (wanted.length === 0) continue;
    const group = await parquet.read(start, start + rows, columns);
    for (let at = 0; at < wanted.length; at += rowsAtOnce)
      yield wanted
        .slice(at, at + rowsAtOnce)
        .map((row) =>
          foundRecord(group[row - start]!, row, stored, { parquet: parquet.path, folder }, file),
        );
  }
}

/** The row's values, or undefined where one of them is no text. */
function textOf(record: Readonly<Record<string, unknown>>): ParquetValue | undefined {
  try {
    return parquetValue(record);
  } catch (cause) {
    if (notText(cause)) return undefined;
    throw cause;
  }
}

/** `stored` says that the row has an image in the file which was not read. */
function foundRecord(
  record: Readonly<Record<string, unknown>>,
  row: number,
  stored: boolean,
  { parquet, folder }: { readonly parquet: string; readonly folder: string },
  file: Place,
): Found {
  const place = { ...file, row };
  const read = textOf(record);
  if (read === undefined) return { place, parsed: notUtf8 };
  const { value, bytes, path } = read;
  const outside = path ?? (value.image_path as string | undefined);
  const image = outside === undefined ? undefined : resolve(folder, outside);
  const imagePath = stored || bytes ? parquetImage(resolve(parquet), row) : image;
  return {
    place,
    parsed: parseRow(value),
    ...(imagePath !== undefined && { imagePath }),
    ...(outside !== undefined && { statedPath: outside }),
    ...(bytes && { image: { bytes, ...(path !== undefined && { path }) } }),
  };
}
