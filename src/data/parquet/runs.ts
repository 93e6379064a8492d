/**
 * Checks that runs of equal and of packed values, as levels and places in a dictionary are stored in,
 * are no longer than there are values: the decoder writes on to the end of a run, however long that is
 * said to be.
 *
 * Unit:   `width` in bits of a value
 * Errors: RangeError for a run that is too long or goes on beyond the bytes; with `all`, for fewer values
 * Source: Apache Parquet, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"
 */
export function checkRuns(
  bytes: Uint8Array,
  width: number,
  values: number,
  { all }: { readonly all: boolean },
): void {
  let at = 0;
  let seen = 0;
  while (seen < values && (all || at < bytes.length)) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at];
      at += 1;
      if (byte === undefined || shift > 28)
        throw new RangeError("runs of values go on beyond a page");
      head += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const run = Math.floor(head / 2);
    const isPacked = head % 2 === 1;
    const count = isPacked ? run * 8 : run;
    // The last group of packed values is filled up to eight.
    if (seen + count > values + (isPacked ? 7 : 0))
      throw new RangeError(`${seen + count} levels or places for ${values} values`);
    at += isPacked ? run * width : Math.ceil(width / 8);
    seen += count;
  }
}
