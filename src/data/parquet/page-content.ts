import { checkRuns } from "./runs.ts";

/** What the levels of a column's values go up to: how often it may repeat, and how much may be absent. */
export interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/** What a data page's header says of it. */
export interface DataPage {
  readonly values: number;
  readonly encoding: number;
  /** Bytes of the levels before what is compressed; null in a page of the first version, where it has all. */
  readonly ahead: Levels | null;
  /** Makes of the rest of its bytes what it was before it was compressed. */
  readonly unpack: (bytes: Uint8Array) => Uint8Array;
}

/** Encodings by a dictionary: PLAIN_DICTIONARY and RLE_DICTIONARY. */
export const byDictionary: readonly number[] = [2, 8];

/**
 * Checks the runs in a data page: of levels, and of places in a dictionary.
 *
 * Errors: RangeError that says what is wrong; those of unpacking
 * Source: Apache Parquet, README "Data Pages": repetition levels, definition levels, values
 */
export function checkContent(bytes: Uint8Array, page: DataPage, levels: Levels): void {
  const { values, ahead } = page;
  if (ahead !== null) {
    const after = ahead.repetition + ahead.definition;
    checkLevels(bytes.subarray(0, ahead.repetition), levels.repetition, values);
    checkLevels(bytes.subarray(ahead.repetition, after), levels.definition, values);
    if (byDictionary.includes(page.encoding))
      checkPlaces(page.unpack(bytes.subarray(after)), values);
    return;
  }
  if (levels.repetition + levels.definition === 0 && !byDictionary.includes(page.encoding)) return;
  let rest = page.unpack(bytes);
  for (const most of [levels.repetition, levels.definition]) {
    if (most === 0) continue;
    if (rest.length < 4) throw new RangeError("a page ends before its levels do");
    const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
    if (length > rest.length - 4) throw new RangeError("a page ends before its levels do");
    checkLevels(rest.subarray(4, 4 + length), most, values);
    rest = rest.subarray(4 + length);
  }
  if (byDictionary.includes(page.encoding)) checkPlaces(rest, values);
}

function checkLevels(bytes: Uint8Array, most: number, values: number): void {
  if (most > 0) checkRuns(bytes, Math.ceil(Math.log2(most + 1)), values, { all: true });
}

/** The first byte says how many bits a place has; absent values have none. */
function checkPlaces(bytes: Uint8Array, values: number): void {
  const [width = 0] = bytes;
  if (width > 32) throw new RangeError(`places in a dictionary of ${width} bits`);
  if (width > 0) checkRuns(bytes.subarray(1), width, values, { all: false });
}
