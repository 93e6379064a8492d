import { type AtCutoffs, atCutoffs, meanOf } from "./recall.ts";

/** Names of the three groups, from the most frequent predicates to the rarest. */
export const groupNames = ["head", "body", "tail"] as const;

/** Predicates of one group and their mean recall. */
export interface PredicateGroup {
  readonly predicates: readonly string[];
  readonly mean_recall: AtCutoffs;
}

/** The three groups, and where the frequencies are from that made them. */
export type PredicateGroups = Readonly<Record<(typeof groupNames)[number], PredicateGroup>> & {
  readonly frequencies: string;
};

/** How often predicates occur; `source` says where. */
export interface Frequencies {
  readonly source: string;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Mean recall of the frequent, the middling and the rare predicates.
 *
 * Predicates are ranked by how often they occur and cut into thirds; 50 give 16, 17 and 17. Of
 * equally frequent ones the first of the list comes first.
 *
 * Shape:  `recalls` has an entry for each predicate that the truth has; the others stand in their
 *         group and do not count for its mean.
 * Range:  [0, 100]; null for a group of which the truth has nothing.
 * Errors: none.
 * Source: the thirds are those of Li et al., CVPR 2021 (BGNN), for VG150
 */
export function predicateGroups(
  predicates: readonly string[],
  recalls: ReadonlyMap<string, AtCutoffs>,
  { source, counts }: Frequencies,
): PredicateGroups {
  const count = (name: string) => counts.get(name) ?? 0;
  const ranked = predicates.toSorted((a, b) => count(b) - count(a));
  const cut = (part: number) => Math.floor((ranked.length * part) / groupNames.length);
  const group = (part: number): PredicateGroup => {
    const names = ranked.slice(cut(part), cut(part + 1));
    const mean = (limit: "20" | "50" | "100") =>
      meanOf(names.map((name) => recalls.get(name)?.[limit] ?? null));
    return { predicates: names, mean_recall: atCutoffs(mean) };
  };
  return { frequencies: source, head: group(0), body: group(1), tail: group(2) };
}
