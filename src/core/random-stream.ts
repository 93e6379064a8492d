import { uniform } from "./random.ts";

/** Draws of one stream; every draw moves it on. */
export interface Random {
  /** A number in [0, 1). */
  readonly unit: () => number;
  /** A number in [from, to). */
  readonly between: (from: number, to: number) => number;
  /** One of the items, each as likely as the next; at least one is needed. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** One of the items by weight; at least one weight is above 0. */
  readonly weighted: <T>(items: readonly T[], weight: (item: T) => number) => T;
}

/**
 * A reproducible stream of random numbers, the same on every machine.
 *
 * Streams of different names are independent, so that scene 7 does not depend on how much scene 6
 * drew.
 *
 * Errors: none
 * Source: `uniform`, seeded by the 32-bit FNV-1a hash of the name.
 */
export function randomStream(name: string): Random {
  const unit = uniform(fnv1a(name));
  const between = (from: number, to: number): number => from + unit() * (to - from);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(unit() * items.length)]!;
  const weighted = <T>(items: readonly T[], weight: (item: T) => number): T => {
    let left = unit() * items.reduce((sum, item) => sum + weight(item), 0);
    for (const item of items) {
      left -= weight(item);
      if (left < 0) return item;
    }
    return items.at(-1)!;
  };
  return { unit, between, pick, weighted };
}

/** 32-bit FNV-1a over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
