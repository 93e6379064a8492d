import type { Triplet } from "./scene.ts";
import vg150 from "./unseen-vg150.json" with { type: "json" };

/**
 * The 5,971 triplets of VG150's test split that its training split lacks: what zR@K is about.
 *
 * Shape:  texts as `tripletKey` makes them
 * Source: KaihuaTang's Scene-Graph-Benchmark, `zeroshot_triplet.pytorch`, which R1-SGG e4de64d ships
 */
export const unseenVg150: ReadonlySet<string> = new Set(
  Object.entries(vg150).flatMap(([subject, predicates]) =>
    Object.entries(predicates).flatMap(([predicate, objects]) =>
      objects.split(", ").map((object) => tripletKey(subject, predicate, object)),
    ),
  ),
);

/** One text for the three names of a triplet. Errors: none. */
export function tripletKey(subject: string, predicate: string, object: string): string {
  return `${subject}\t${predicate}\t${object}`;
}

/** Whether the three names of a triplet are in a set. Errors: none. */
export const namedIn =
  (keys: ReadonlySet<string>) =>
  ({ subject, predicate, object }: Triplet): boolean =>
    keys.has(tripletKey(subject.name, predicate, object.name));
