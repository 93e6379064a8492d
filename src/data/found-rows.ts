import { basename, dirname, resolve } from "node:path";
import type { Place } from "./fault.ts";
import { readLines, type Stretch } from "./lines.ts";
import { realFolder } from "./real-folder.ts";
import { notUtf8, type Parsed, parseLine } from "./row.ts";

/** A row as its file holds it, not yet compared with anything but the layout. */
export interface Found {
  readonly place: Place;
  readonly parsed: Parsed;
  /** Absolute path of the image or `FILE.parquet#ROW`; absent where the row has none. */
  readonly imagePath?: string;
  /** The path as the row states it. */
  readonly statedPath?: string;
  readonly image?: EmbeddedImage;
}

/** An image that is stored in the dataset itself. */
export interface EmbeddedImage {
  /** Of the file's own memory: to be used before the next rows are read. */
  readonly bytes: Uint8Array;
  /** The name that the dataset has for it, a relative path. */
  readonly path?: string;
}

/** What is wanted of a file. */
export interface FoundOptions {
  /** Read the images in a parquet file; without, only where rows do not state their size. */
  readonly images: boolean;
  /** Says of a line or row whether it is wanted; all are by default. */
  readonly only?: ((at: number) => boolean) | undefined;
  /** Only this part of the file. */
  readonly part?: FilePart | undefined;
}

/** Some lines of a JSONL file, or some rows of a parquet file, whole row groups. */
export type FilePart =
  | { readonly lines: Stretch }
  | { readonly rows: { readonly start: number; readonly end: number } };

/** How many rows are handed on together. */
export const rowsAtOnce = 16;

/**
 * The rows of one file, a handful at a time.
 *
 * `name` is said in the places of its rows; left out where the dataset has no other file.
 *
 * Errors: those of `node:fs` for a JSONL file; SggError DATA for parquet that cannot be read.
 */
export async function* foundRows(
  path: string,
  name: string | undefined,
  options: FoundOptions,
): AsyncGenerator<readonly Found[]> {
  const file = name === undefined ? {} : { file: name };
  if (!path.endsWith(".parquet")) return yield* foundLines(path, file, options);
  const { foundInParquet } = await import("./found-in-parquet.ts"); // its decoders take a while to load
  yield* foundInParquet(path, file, options);
}

async function* foundLines(
  path: string,
  file: Place,
  { only, part }: FoundOptions,
): AsyncGenerator<readonly Found[]> {
  const folder = await realFolder(dirname(path));
  const lines = part && "lines" in part ? part.lines : undefined;
  let batch: Found[] = [];
  for await (const { number, text, utf8 } of readLines(path, {
    ...(lines && { stretch: lines }),
  })) {
    if (only?.(number) === false) continue;
    const parsed = utf8 ? parseLine(text) : notUtf8;
    const place = { ...file, line: number };
    const image = "row" in parsed ? (parsed.row.image_path ?? parsed.row.image) : undefined;
    const stated =
      image === undefined ? {} : { imagePath: resolve(folder, image), statedPath: image };
    batch.push({ place, parsed, ...stated });
    if (batch.length < rowsAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The name that a file's places get: none for a dataset of a single file. */
export const nameInPlaces = (file: string, files: readonly string[]): string | undefined =>
  files.length === 1 ? undefined : basename(file);
