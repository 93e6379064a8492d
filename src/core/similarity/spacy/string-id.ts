/** The 64-bit number by which spaCy knows a string. */
export type StringId = (text: string) => bigint;

/**
 * Numbers strings as spaCy's StringStore does: symbols by hand, all others by their hash.
 *
 * A lone surrogate, at which spaCy raises, is hashed as U+FFFD.
 *
 * Source: spaCy 3.8.18 `strings.pyx`, `get_string_id` and `hash_string` (seed 1)
 *
 * @example
 * createStringId({ ORTH: 65 })("coffee"); // 3197928453018144401n
 */
export function createStringId(symbols: Readonly<Record<string, number>>): StringId {
  const numbered = new Map(Object.entries(symbols).map(([text, id]) => [text, BigInt(id)]));
  const utf8 = new TextEncoder();
  return (text) => numbered.get(text) ?? murmurHash64A(utf8.encode(text), 1n);
}

const multiplier = 0xc6a4a7935bd1e995n;
const product = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a * b);
const fold = (x: bigint): bigint => x ^ (x >> 47n);

/**
 * A 64-bit hash of bytes.
 *
 * Range:  [0, 2^64)
 * Source: Austin Appleby's MurmurHash2, `MurmurHash64A`
 */
export function murmurHash64A(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  let hash = seed ^ product(BigInt(bytes.length), multiplier);
  for (let i = 0; i < whole; i += 8) {
    const block = product(view.getBigUint64(i, true), multiplier);
    hash = product(hash ^ product(fold(block), multiplier), multiplier);
  }
  if (whole < bytes.length) {
    let tail = 0n;
    for (let i = bytes.length - 1; i >= whole; i -= 1) tail = (tail << 8n) | BigInt(bytes[i]!);
    hash = product(hash ^ tail, multiplier);
  }
  return fold(product(fold(hash), multiplier));
}
