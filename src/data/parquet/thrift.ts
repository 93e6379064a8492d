/** Fields of a structure by their number: numbers, 1 and 0 for true and false, and structures; all else is passed over. */
export type ThriftStruct = ReadonlyMap<number, number | ThriftStruct>;

/** Structures in structures: a page's header has three. */
const mostDepth = 8;

/**
 * Reads one structure in Thrift's compact protocol, as far as numbers go.
 *
 * Always ends: each step takes at least one byte, and none is taken beyond the last.
 *
 * Errors: RangeError when the bytes end before it does, or say what cannot be.
 * Source: Apache Thrift, doc/specs/thrift-compact-protocol.md
 */
export function readThrift(bytes: Uint8Array): {
  readonly struct: ThriftStruct;
  readonly length: number;
} {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw new RangeError("a header goes on beyond its end");
    at += 1;
    return value;
  };
  /** At most 64 bits; beyond 53 it is no exact number, and larger than anything that may stand there. */
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const next = byte();
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) return value;
    }
    throw new RangeError("a number of a header has more than ten bytes");
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const skip = (length: number): void => {
    if (at + length > bytes.length) throw new RangeError("a header goes on beyond its end");
    at += length;
  };
  const list = (depth: number): void => {
    const head = byte();
    const size = head >> 4 === 15 ? varint() : head >> 4;
    for (let i = 0; i < size; i += 1) {
      if ((head & 15) <= 2) byte();
      else element(head & 15, depth);
    }
  };
  const element = (type: number, depth: number): number | ThriftStruct | undefined => {
    if (type === 1 || type === 2) return 2 - type; // true and false are types of their own
    if (type === 3) return byte();
    if (type >= 4 && type <= 6) return zigzag();
    if (type === 7) return void skip(8);
    if (type === 8) return void skip(varint());
    if (type === 9 || type === 10) return void list(depth);
    if (type === 12) return struct(depth + 1);
    throw new RangeError(`a header has a field of type ${type}`);
  };
  const struct = (depth: number): ThriftStruct => {
    if (depth > mostDepth) throw new RangeError("a header has too many structures in each other");
    const fields = new Map<number, number | ThriftStruct>();
    for (let number = 0; ; ) {
      const head = byte();
      if ((head & 15) === 0) return fields;
      number = head >> 4 === 0 ? zigzag() : number + (head >> 4);
      const value = element(head & 15, depth);
      if (value !== undefined) fields.set(number, value);
    }
  };
  return { struct: struct(1), length: at };
}
