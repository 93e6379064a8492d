import { expect, it } from "vitest";
import { readTensors } from "../../../../src/core/similarity/spacy/safetensors.ts";

/** A file with one tensor, whose data begins `shift` bytes off a multiple of four. */
function file(values: readonly number[], shift: number): Uint8Array {
  const entry = { dtype: "F32", shape: [values.length], data_offsets: [0, 4 * values.length] };
  const json = JSON.stringify({ __metadata__: {}, one: entry, half: { ...entry, dtype: "F16" } });
  const header = json.padEnd(4 * Math.ceil(json.length / 4) + shift);
  const bytes = new Uint8Array(8 + header.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  for (const [i, value] of values.entries())
    view.setFloat32(8 + header.length + 4 * i, value, true);
  return bytes;
}

it.each([0, 1, 2, 3])("reads numbers that begin %d bytes off a multiple of four", (shift) => {
  expect([...readTensors(file([1, -2.5, 3e-9], shift)).get("one", [3])]).toEqual([
    1,
    -2.5,
    Math.fround(3e-9),
  ]);
});

it.each([
  ["one", [4], 'tensor "one" is F32 [3], expected F32 [4]'],
  ["two", [3], 'tensor "two" is none, expected F32 [3]'],
  ["half", [3], 'tensor "half" is F16 [3], expected F32 [3]'],
])("refuses %s of shape %j where the file has another", (name, shape, message) => {
  const tensors = readTensors(file([1, 2, 3], 0));
  expect(() => tensors.get(name, shape)).toThrow(new RangeError(message));
});
