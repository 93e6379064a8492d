const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);

/**
 * The four rows of a hash embedding that belong to an id, one of which may come twice.
 *
 * Range:  four integers in [0, rows)
 * Source: thinc 8.3.14 `HashEmbed`, whose `Ops.hash` is MurmurHash3_x86_128 cut down to one 64-bit key
 */
export function hashRows(id: bigint, seed: number, rows: number): readonly number[] {
  const mixed = u64(id * 0x87c37b91114253d5n);
  const rotated = u64(mixed << 31n) | (mixed >> 33n);
  const salt = BigInt(seed) ^ 8n; // 8 is the key's length in bytes
  let high = u64((u64(rotated * 0x4cf5ad432745937fn) ^ salt) + salt);
  let low = finish(u64(salt + high));
  high = u64(finish(high) + low);
  low = u64(low + high);
  return [high, high >> 32n, low, low >> 32n].map((half) =>
    Number(BigInt.asUintN(32, half) % BigInt(rows)),
  );
}

function finish(hash: bigint): bigint {
  const once = u64((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn);
  const twice = u64((once ^ (once >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return twice ^ (twice >> 33n);
}
