/** Tensors by name, and what the file says about itself. */
export interface Tensors {
  /** Values of one tensor, row by row; they share the file's bytes. */
  readonly get: (name: string, shape: readonly number[]) => Float32Array;
}

interface Header {
  readonly [name: string]: {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data_offsets: readonly [start: number, end: number];
  };
}

/**
 * Reads a file of 32-bit tensors.
 *
 * Errors: RangeError when a tensor is missing, or is not of the shape or type that is asked for
 * Source: huggingface/safetensors: length of the header, header as JSON, data in little endian
 */
export function readTensors(bytes: Uint8Array): Tensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.slice(8, start))) as Header;
  return {
    get(name, shape) {
      const { dtype, shape: found, data_offsets: [from, to] = [0, 0] } = header[name] ?? {};
      if (dtype !== "F32" || found?.join() !== shape.join()) {
        const what = found === undefined ? "none" : `${dtype} [${found}]`;
        throw new RangeError(`tensor "${name}" is ${what}, expected F32 [${shape}]`);
      }
      const data = bytes.subarray(start + from, start + to);
      return data.byteOffset % 4 === 0
        ? new Float32Array(data.buffer, data.byteOffset, data.length / 4)
        : new Float32Array(data.slice().buffer);
    },
  };
}
