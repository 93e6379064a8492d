/** Values by key, as long as they are recent. */
export interface Recent<Value> {
  readonly get: (key: string) => Value | undefined;
  /** Keeps a value and gives it back. */
  readonly set: (key: string, value: Value) => Value;
  /** How many values are held. */
  readonly size: () => number;
}

/**
 * A map that forgets, so that its size stays bounded.
 *
 * It has two generations: when the younger has grown to half the capacity, the older is forgotten
 * and the younger takes its place. A key that is asked for in between stays. A hit costs one look-up,
 * where an exact list of the least recently used would be rewritten each time.
 *
 * Unit:   capacity is in the unit of `costOf`, which is at least 1 for every key
 * Range:  what is held costs at most the capacity, and at most one key above half of it
 *
 * @example
 * const lengths = recent<number>(100);
 * lengths.get("a") ?? lengths.set("a", 1); // 1
 */
export function recent<Value>(
  capacity: number,
  costOf: (key: string) => number = () => 1,
): Recent<Value> {
  let younger = new Map<string, Value>();
  let older = new Map<string, Value>();
  let cost = 0;
  const set = (key: string, value: Value): Value => {
    if (!younger.has(key)) cost += costOf(key);
    younger.set(key, value);
    if (cost >= capacity / 2) {
      older = younger;
      younger = new Map();
      cost = 0;
    }
    return value;
  };
  return {
    set,
    size: () => younger.size + older.size,
    get(key) {
      const value = younger.get(key);
      if (value !== undefined) return value;
      const aged = older.get(key);
      return aged === undefined ? undefined : set(key, aged);
    },
  };
}
