import type { Tensors } from "./safetensors.ts";

/** How many numbers stand for a token, everywhere in the network. */
export const width = 96;

const pieces = 3;

/** The part of an input outside of which every number is 0. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * A layer: each row of the result is made of a window of the input, and each window begins `width`
 * further on than the one before.
 *
 * Of three linear pieces the largest counts; then the row is normalised.
 *
 * Shape:  the input is as long as all windows together, the result rows × width
 */
export type Maxout = (input: Float32Array, rows: number, nonzero: Stretch) => Float32Array;

/**
 * The layer whose tensors have names that begin with `name`, for windows of `size` numbers.
 *
 * Sums are made in 64 bits, where NumPy makes them in 32: that is the difference to spaCy.
 *
 * Unit:   `size` is a multiple of `width`
 * Errors: RangeError when the tensors have other shapes
 * Source: thinc 8.3.14 `Maxout(normalize=True)`: maxout and `LayerNorm`
 */
export function maxout(tensors: Tensors, name: string, size: number): Maxout {
  const layer = {
    size,
    weights: tensors.get(`${name}.maxout.W`, [width, pieces, size]),
    biases: tensors.get(`${name}.maxout.b`, [width, pieces]),
  };
  const gains = tensors.get(`${name}.norm.G`, [width]);
  const shifts = tensors.get(`${name}.norm.b`, [width]);
  return (input, rows, nonzero) => {
    const output = new Float32Array(rows * width);
    for (let row = 0; row < rows; row += 2) {
      const one = row * width;
      const other = Math.min(row + 1, rows - 1) * width;
      const from = Math.max(0, nonzero.from - other);
      const to = Math.min(size, nonzero.to - one);
      largestOfPieces(layer, input, { one, other, from, to }, output);
    }
    for (let at = 0; at < output.length; at += width) normalise(output, at, gains, shifts);
    return output;
  };
}

interface Layer {
  readonly size: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** Where two rows and their windows begin, and the part of the windows that counts. */
interface Pair extends Stretch {
  readonly one: number;
  readonly other: number;
}

/**
 * Nine tenths of all the time are spent here, so it has its form from measurements.
 *
 * Two rows at once cost as much as one: the weights come from far. Two columns at once make the
 * function too long to be inlined by V8, which would make it half as fast.
 */
function largestOfPieces(
  { size, weights, biases }: Layer,
  input: Float32Array,
  { one, other, from, to }: Pair,
  output: Float32Array,
): void {
  for (let k = 0; k < width; k += 1) {
    const first = k * pieces * size;
    const second = first + size;
    const third = second + size;
    let a = biases[k * pieces]!;
    let b = biases[k * pieces + 1]!;
    let c = biases[k * pieces + 2]!;
    let d = a;
    let e = b;
    let f = c;
    for (let i = from; i < to; i += 2) {
      const x = input[one + i]!;
      const y = input[other + i]!;
      a += weights[first + i]! * x;
      b += weights[second + i]! * x;
      c += weights[third + i]! * x;
      d += weights[first + i]! * y;
      e += weights[second + i]! * y;
      f += weights[third + i]! * y;
      const u = input[one + i + 1]!;
      const v = input[other + i + 1]!;
      a += weights[first + i + 1]! * u;
      b += weights[second + i + 1]! * u;
      c += weights[third + i + 1]! * u;
      d += weights[first + i + 1]! * v;
      e += weights[second + i + 1]! * v;
      f += weights[third + i + 1]! * v;
    }
    output[one + k] = Math.max(a, b, c);
    output[other + k] = Math.max(d, e, f);
  }
}

function normalise(row: Float32Array, at: number, gains: Float32Array, shifts: Float32Array): void {
  let mean = 0;
  for (let k = 0; k < width; k += 1) mean += row[at + k]! / width;
  let variance = 1e-8;
  for (let k = 0; k < width; k += 1) variance += (row[at + k]! - mean) ** 2 / width;
  const scale = 1 / Math.sqrt(variance);
  for (let k = 0; k < width; k += 1) {
    row[at + k] = (row[at + k]! - mean) * scale * gains[k]! + shifts[k]!;
  }
}
