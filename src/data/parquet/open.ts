import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { compressors, decompressLz4Raw } from "hyparquet-compressors";
import { SggError } from "../../errors.ts";
import { checkPages, levelsOf, type Unpack } from "./pages.ts";

/** A run of rows that a parquet file stores together: the least that can be read at once. */
export interface RowGroup {
  /** The first row of the file that is in it, counted from 0. */
  readonly start: number;
  readonly rows: number;
}

/** An open parquet file; its rows stay on disk until they are asked for. */
export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  readonly columns: readonly SchemaTree[];
  /** Rows `start` to before `end`, with the named columns (all of them by default). */
  readonly read: (
    start: number,
    end: number,
    columns?: readonly string[],
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
}

/** A row group has to fit in memory; the Hub's image datasets have about 10 MB in one. */
const mostBytesInGroup = 2 ** 30;

/**
 * Opens a parquet file: reads its footer, and nothing of its rows.
 *
 * Errors: SggError DATA for a file that is missing, cut off or no parquet, and for row groups of
 * more than 1 GiB; so do reads from it that fail.
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const cannot = (found: string, cause?: unknown, expected = "a whole parquet file") =>
    new SggError("DATA", `Cannot read "${path}": ${found}, expected ${expected}`, { cause });
  const handle = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw cannot(cause.code === "ENOENT" ? "no such file" : cause.message, cause);
  });
  try {
    const file = await bufferOf(handle);
    const metadata = await parquetMetadataAsync(file);
    const groups = groupsOf(metadata);
    for (const [index, { total_byte_size }] of metadata.row_groups.entries())
      if (total_byte_size > mostBytesInGroup) {
        const found = `row group ${index} holds ${(Number(total_byte_size) / 2 ** 30).toFixed(1)} GiB`;
        throw cannot(
          found,
          undefined,
          "at most 1 GiB (pyarrow: write_table(…, row_group_size=100))",
        );
      }
    const check = pageChecker(file, metadata, groups);
    return {
      path,
      rows: Number(metadata.num_rows),
      groups,
      columns: parquetSchema(metadata).children,
      read: async (rowStart, rowEnd, columns) => {
        const options = { file, metadata, rowStart, rowEnd, useOffsetIndex: true, ...codecs };
        const asked = columns === undefined ? options : { ...options, columns: [...columns] };
        try {
          await check(rowStart, rowEnd, columns);
          return await parquetReadObjects(asked);
        } catch (cause) {
          const found = `rows ${rowStart} to ${rowEnd - 1} are damaged (${(cause as Error).message})`;
          throw cannot(found, cause);
        }
      },
      close: () => handle.close(),
    };
  } catch (cause) {
    await handle.close();
    if (cause instanceof SggError) throw cause;
    throw cannot(`cut off, or no parquet (${(cause as Error).message})`, cause);
  }
}

/** A mark at the beginning stays: it is part of the text. */
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes without a type are given as bytes, and so are texts that are none. */
const codecs = {
  utf8: false,
  parsers: {
    stringFromBytes: (bytes: Uint8Array) => (isUtf8(bytes) ? text.decode(bytes) : bytes),
  },
  compressors: {
    ...compressors,
    // Node's own is faster than the one in JavaScript.
    ZSTD: (input: Uint8Array) => new Uint8Array(zstdDecompressSync(input)),
    // The library's runs past the end of a page of nothing (hyparquet-compressors 1.1.2).
    LZ4_RAW: (input: Uint8Array, length: number) =>
      length === 0 ? new Uint8Array() : decompressLz4Raw(input, length),
  },
};

/** Errors: RangeError for a codec that nobody here knows; those of the codec. */
const unpack: Unpack = (codec, bytes, length) => {
  const known: Readonly<
    Record<string, ((from: Uint8Array, to: number) => Uint8Array) | undefined>
  > = codecs.compressors;
  const decompress = known[codec];
  if (decompress === undefined) throw new RangeError(`it is compressed by ${codec}`);
  return decompress(bytes, length);
};

function groupsOf(metadata: FileMetaData): readonly RowGroup[] {
  let start = 0;
  return metadata.row_groups.map(({ num_rows }) => {
    const group = { start, rows: Number(num_rows) };
    start += group.rows;
    return group;
  });
}

/** Checks the pages of the columns of some rows, each column of a row group once. */
function pageChecker(file: AsyncBuffer, metadata: FileMetaData, groups: readonly RowGroup[]) {
  const checked = new Set<unknown>();
  const schema = parquetSchema(metadata).children;
  return async (start: number, end: number, columns?: readonly string[]): Promise<void> => {
    for (const [index, group] of groups.entries()) {
      if (group.start >= end || group.start + group.rows <= start) continue;
      for (const { meta_data } of metadata.row_groups[index]!.columns) {
        if (meta_data === undefined || checked.has(meta_data)) continue;
        if (columns && !columns.includes(meta_data.path_in_schema[0]!)) continue;
        await checkPages(file, meta_data, levelsOf(schema, meta_data.path_in_schema), unpack);
        checked.add(meta_data);
      }
    }
  };
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  const read = async (start: number, end: number) => {
    if (!(start >= 0 && end >= start)) throw new RangeError(`bytes ${start} to ${end} are meant`);
    if (end > size) throw new RangeError(`it ends before byte ${end}`);
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new RangeError(`it ends before byte ${end}`);
    return bytes.buffer;
  };
  return {
    byteLength: size,
    slice: (start, end = size) => {
      const reading = read(start, end);
      reading.catch(() => {}); // the library begins reads and forgets them where another thing fails
      return reading;
    },
  };
}

/** How an image inside a parquet file is named where a path is wanted: `train.parquet#12`. */
export const parquetImage = (path: string, row: number): string => `${path}#${row}`;

/** The parquet file and the row that an image's path names, or undefined for a file of its own. */
export function parquetImageOf(path: string): { path: string; row: number } | undefined {
  const [, file, row] = /^(.+\.parquet)#(\d+)$/.exec(path) ?? [];
  return file === undefined ? undefined : { path: file, row: Number(row) };
}

/** The name of the file that holds an image. */
export const imageFileName = (path: string): string => basename(parquetImageOf(path)?.path ?? path);
