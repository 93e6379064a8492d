import type { Triplet } from "./scene.ts";
import lists from "./unseen-vg150.json" with { type: "json" };

const vg150: Readonly<Record<string, Readonly<Record<string, string>>>> = lists;

/**
 * Whether a triplet is one of the 5,971 of VG150's test split that its training split lacks: what
 * zR@K is about.
 *
 * Errors: none
 * Source: KaihuaTang's Scene-Graph-Benchmark, `zeroshot_triplet.pytorch`, which R1-SGG e4de64d ships
 *
 * @example
 * isUnseenInVg150("airplane", "over", "airplane"); // true
 */
export const isUnseenInVg150 = (subject: string, predicate: string, object: string): boolean =>
  `, ${vg150[subject]?.[predicate] ?? ""}, `.includes(`, ${object}, `);

/** Takes a triplet as its three names. Errors: those of `test`. */
export const byNames =
  (test: (subject: string, predicate: string, object: string) => boolean) =>
  ({ subject, predicate, object }: Triplet): boolean =>
    test(subject.name, predicate, object.name);
