/**
 * Reads copies of a parquet file, each with one byte changed, and prints what comes of each as JSON.
 *
 * usage: node read-damaged.ts FILE COPY PLACE:BITS…
 * A process of its own, since a decoder that does not end can only be killed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { openParquet } from "../../../src/data/parquet/open.ts";

const [file = "", copy = "", ...changes] = process.argv.slice(2);
const whole = readFileSync(file);
const ends: string[] = [];
for (const change of changes) {
  const [place = 0, bits = 0] = change.split(":").map(Number);
  const bytes = Buffer.from(whole);
  bytes[place]! ^= bits;
  writeFileSync(copy, bytes);
  ends.push(
    await openParquet(copy).then(
      async (parquet) => {
        const read = parquet.read(0, parquet.rows).then(
          (rows) => `${rows.length} rows`,
          (cause: Error) => cause.message,
        );
        return read.finally(() => parquet.close());
      },
      (cause: Error) => cause.message,
    ),
  );
}
console.log(JSON.stringify(ends));
