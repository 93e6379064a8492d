import fc from "fast-check";
import { expect, it } from "vitest";
import { hashRows } from "../../../../src/core/similarity/spacy/hash-rows.ts";

/** From thinc 8.3.14, `NumpyOps.hash(ids, seed) % 5000`. */
it.each([
  [0n, 8, [0, 0, 0, 0]],
  [1n, 12, [1206, 3213, 3320, 2022]],
  [3197928453018144401n, 8, [680, 852, 3520, 1278]],
  [12345678901234567890n, 10, [3661, 4481, 3160, 2524]],
  [2n ** 64n - 1n, 13, [4384, 2581, 4700, 2444]],
])("gives %d with seed %d the rows of thinc", (id, seed, rows) => {
  expect(hashRows(id, seed, 5000)).toEqual(rows);
});

it("stays within the table", () => {
  const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(id, fc.nat(100), fc.integer({ min: 1, max: 9999 }), (one, seed, rows) =>
      hashRows(one, seed, rows).every((row) => Number.isInteger(row) && row >= 0 && row < rows),
    ),
  );
});
