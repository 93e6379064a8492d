import { dirname, resolve } from "node:path";
import type { Place } from "./fault.ts";
import { type Found, type FoundOptions, rowsAtOnce } from "./found-rows.ts";
import { layoutColumns } from "./parquet/columns.ts";
import { openParquet, type ParquetFile, parquetImage } from "./parquet/open.ts";
import { parquetValue } from "./parquet/value.ts";
import { realFolder } from "./real-folder.ts";
import { parseRow } from "./row.ts";

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

/** `stored` says that the row has an image in the file which was not read. */
function foundRecord(
  record: Readonly<Record<string, unknown>>,
  row: number,
  stored: boolean,
  { parquet, folder }: { readonly parquet: string; readonly folder: string },
  file: Place,
): Found {
  const { value, bytes, path } = parquetValue(record);
  const outside = path ?? (value.image_path as string | undefined);
  const image = outside === undefined ? undefined : resolve(folder, outside);
  const imagePath = stored || bytes ? parquetImage(resolve(parquet), row) : image;
  return {
    place: { ...file, row },
    parsed: parseRow(value),
    ...(imagePath !== undefined && { imagePath }),
    ...(outside !== undefined && { statedPath: outside }),
    ...(bytes && { image: { bytes, ...(path !== undefined && { path }) } }),
  };
}
