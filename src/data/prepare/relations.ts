import { randomStream } from "../../core/random-stream.ts";

/** Two objects of an image, by their places in it, and the number of a predicate. */
export interface IndexedRelation {
  readonly subject: number;
  readonly predicate: number;
  readonly object: number;
}

/**
 * What becomes of relations that say something about the same two objects again.
 *
 * `keep`: all stay. `triplets`: the same statement stays once. `pairs`: one relation a pair of
 * subject and object, drawn.
 */
export type Duplicates = "keep" | "triplets" | "pairs";

/** The choices for {@link Duplicates}, as the command line offers them. */
export const duplicateChoices = ["keep", "triplets", "pairs"] as const satisfies Duplicates[];

/**
 * The relations of one image without those that {@link Duplicates} takes away, in their order.
 *
 * `seed` names the draws of `pairs`; the same seed draws the same.
 *
 * Source: the training loader of neural-motifs draws one relation a pair whenever an image is
 * seen, which a file cannot do; OpenPSG keeps a statement of its test images once.
 */
export function withoutDuplicates(
  relations: readonly IndexedRelation[],
  duplicates: Duplicates,
  seed: string,
): readonly IndexedRelation[] {
  if (duplicates === "keep") return relations;
  const groups = new Map<string, IndexedRelation[]>();
  for (const relation of relations) {
    const { subject, predicate, object } = relation;
    const key =
      duplicates === "pairs" ? `${subject} ${object}` : `${subject} ${predicate} ${object}`;
    const group = groups.get(key);
    if (group) group.push(relation);
    else groups.set(key, [relation]);
  }
  if (groups.size === relations.length) return relations;
  const { pick } = randomStream(seed);
  return [...groups.values()].map((group) => (duplicates === "pairs" ? pick(group) : group[0]!));
}
