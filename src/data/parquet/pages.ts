import type { AsyncBuffer, ColumnMetaData, SchemaTree } from "hyparquet";
import { byDictionary, checkContent, type Levels } from "./page-content.ts";
import { readThrift, type ThriftStruct } from "./thrift.ts";

/** Bytes to read of a page's header: without statistics, with some; a longer one is read with all that follows. */
const windows = [2 ** 9, 2 ** 16] as const;

/** A page of more is none of ours, and no decoder need make room for it. */
const mostPageBytes = 2 ** 30;

/** Makes of compressed bytes the so many that they were, by the name of the codec. */
export type Unpack = (codec: string, bytes: Uint8Array, length: number) => Uint8Array;

/** The levels of the column at a path, below the columns of a file. */
export function levelsOf(columns: readonly SchemaTree[], path: readonly string[]): Levels {
  const [name, ...rest] = path;
  const column = columns.find(({ element }) => element.name === name);
  if (column === undefined) return { repetition: 0, definition: 0 };
  const below = levelsOf(column.children, rest);
  const kind = column.element.repetition_type;
  return {
    repetition: below.repetition + (kind === "REPEATED" ? 1 : 0),
    definition: below.definition + (kind === "REQUIRED" ? 0 : 1),
  };
}

/**
 * Checks that the pages of a column chunk follow each other up to its end, and that each says all that
 * the decoder counts by.
 *
 * The decoder trusts the headers of pages: a number that is missing or below zero sends it back, or to
 * no place at all, and it goes on for ever; a run of levels that is said to be long takes all memory
 * (hyparquet 1.31.5).
 *
 * Errors: RangeError that says what is wrong; those of reading and unpacking
 */
export async function checkPages(
  file: AsyncBuffer,
  chunk: ColumnMetaData,
  levels: Levels,
  unpack: Unpack,
): Promise<void> {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const size = Number(chunk.total_compressed_size);
  if (!isCount(start, file.byteLength) || !isCount(size, file.byteLength - start))
    throw new RangeError("a column lies outside the file");
  const end = start + size;
  let left = Number(chunk.num_values);
  for (let at = start; at < end - 1; ) {
    const { struct, length } = await headerAt(file, at, end);
    const [unpacked, bytes] = [struct.get(2), struct.get(3)];
    if (!isCount(unpacked, mostPageBytes) || !isCount(bytes, end - at - length))
      throw new RangeError("a page has no size that can be");
    const { values, encoding, ahead, isPacked } = countsOf(struct, left);
    left -= values;
    if (values > 0) {
      const levelBytes = ahead === null ? 0 : ahead.repetition + ahead.definition;
      if (levelBytes > bytes || levelBytes > unpacked)
        throw new RangeError("a page has more levels than there is room for");
      const read = ahead === null || byDictionary.includes(encoding) ? bytes : levelBytes;
      const content = await file.slice(at + length, at + length + read);
      const whole = (packed: Uint8Array): Uint8Array =>
        isPacked && chunk.codec !== "UNCOMPRESSED"
          ? unpack(chunk.codec, packed, unpacked - levelBytes)
          : packed;
      const page = { values, encoding, ahead, unpack: whole };
      checkContent(new Uint8Array(content), page, levels);
    }
    at += length + bytes;
  }
}

async function headerAt(
  file: AsyncBuffer,
  at: number,
  end: number,
  window: number = windows[0],
): Promise<ReturnType<typeof readThrift>> {
  const some = new Uint8Array(await file.slice(at, Math.min(end, at + window)));
  try {
    return readThrift(some);
  } catch (cause) {
    if (at + window >= end) throw cause;
    const wider = windows.find((one) => one > window) ?? end - at;
    return headerAt(file, at, end, wider);
  }
}

/** The numbers of each kind of page, by type: of the structure's field, and how many it has at least. */
const kinds: Readonly<Record<number, { readonly field: number; readonly numbers: number }>> = {
  0: { field: 5, numbers: 4 }, // values, encoding, encodings of both levels
  2: { field: 7, numbers: 2 }, // a dictionary: values, encoding
  3: { field: 8, numbers: 6 }, // values, absent ones, rows, encoding, bytes of both levels
};

/** What a page's header counts; a dictionary has none of the column's values. */
function countsOf(header: ThriftStruct, left: number) {
  const type = header.get(1);
  const kind = typeof type === "number" ? kinds[type] : undefined;
  if (kind === undefined) throw new RangeError("a page is of no known kind");
  const about = header.get(kind.field);
  if (typeof about !== "object") throw new RangeError("a page does not say what is in it");
  const numbers = Array.from({ length: kind.numbers }, (_, i) => about.get(i + 1));
  if (!numbers.every((one) => isCount(one, mostPageBytes)))
    throw new RangeError("a page has a number that cannot be");
  const [count = 0, second = 0, , fourth = 0, definition = 0, repetition = 0] = numbers as number[];
  if (type === 2) return { values: 0, encoding: 0, ahead: null, isPacked: true };
  if (count > left) throw new RangeError(`${count} values in a page, expected ${left} at most`);
  if (type === 0) return { values: count, encoding: second, ahead: null, isPacked: true };
  if (second > count) throw new RangeError("a page has more absent values than values");
  const isPacked = about.get(7) !== 0;
  return { values: count, encoding: fourth, ahead: { definition, repetition }, isPacked };
}

const isCount = (value: unknown, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
