import { nameInPlaces } from "../found-rows.ts";
import { stretches } from "../lines.ts";
import { openParquet } from "../parquet/open.ts";
import type { Part } from "./part.ts";

/** How much is checked in one go: bytes of JSONL, rows of parquet. */
export interface PartSize {
  readonly bytes: number;
  readonly rows: number;
}

/** Some tenths of a second of work: beside it, what every part costs is little. */
const usual: PartSize = { bytes: 4e6, rows: 2000 };

/**
 * Cuts the files of a dataset into parts, in order.
 *
 * Errors: those of `node:fs`; SggError DATA for parquet that cannot be read.
 */
export async function* partsOf(
  files: readonly string[],
  options: Pick<Part, "images" | "classes">,
  size: PartSize = usual,
): AsyncGenerator<Part> {
  for (const file of files) {
    const common = { ...options, file, name: nameInPlaces(file, files) };
    if (!file.endsWith(".parquet"))
      for await (const lines of stretches(file, size.bytes)) yield { ...common, part: { lines } };
    else for (const rows of await rowRanges(file, size.rows)) yield { ...common, part: { rows } };
  }
}

/** Neighbouring row groups, as many as make a part. */
async function rowRanges(path: string, partRows: number) {
  const parquet = await openParquet(path);
  await parquet.close();
  const ranges: { start: number; end: number }[] = [];
  for (const { start, rows } of parquet.groups) {
    const last = ranges.at(-1);
    if (last === undefined || last.end - last.start >= partRows)
      ranges.push({ start, end: start + rows });
    else last.end = start + rows;
  }
  return ranges;
}
