import { addTo } from "./add-to.ts";
import { maxout, width } from "./maxout.ts";
import type { Tensors } from "./safetensors.ts";

const depth = 4;

/** Lets the rows of tokens, one after the other, know of their neighbours. */
export type Encode = (rows: readonly Float32Array[]) => Float32Array;

/**
 * Four layers, each of which mixes a row with the one before and the one after, and adds it.
 *
 * The text stands between four rows of zeros on either side, as far as a token sees. Only the first
 * layer finds them at zero. Each layer gives two rows fewer than it gets: further out nobody looks.
 *
 * Shape:  the result is tokens × width, in one array
 * Source: spaCy 3.8.18 `ml/models/tok2vec.py`, `MaxoutWindowEncoder`, whose `with_array` pads by depth
 */
export function createEncode(tensors: Tensors): Encode {
  const layers = Array.from({ length: depth }, (_, i) => maxout(tensors, `encode.${i}`, 3 * width));
  return (tokens) => {
    let rows: Float32Array = new Float32Array((tokens.length + 2 * depth) * width);
    for (const [i, row] of tokens.entries()) rows.set(row, (depth + i) * width);
    let nonzero = { from: depth * width, to: (depth + tokens.length) * width };
    for (const layer of layers) {
      const mixed = layer(rows, rows.length / width - 2, nonzero);
      addTo(mixed, rows, width); // the middle row of each window
      rows = mixed;
      nonzero = { from: 0, to: rows.length };
    }
    return rows;
  };
}
