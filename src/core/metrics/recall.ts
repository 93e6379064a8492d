/** The numbers of predictions an image that recall is given for. Source: R1-SGG v1, Table 3. */
export const cutoffs = ["20", "50", "100"] as const;

/** A figure in percent for each cut-off; null where nothing was there to be found. */
export type AtCutoffs = Readonly<Record<(typeof cutoffs)[number], number | null>>;

/** A true relation and the rank of its first hit, Infinity for a miss. */
export interface Found {
  readonly predicate: string;
  readonly rank: number;
}

/** How well one predicate is found, over the images that have it. */
export interface PredicateRecall {
  readonly predicate: string;
  readonly images: number;
  readonly relationships: number;
  readonly recall: AtCutoffs;
}

/**
 * Share of true relations found among the first K, in percent: of each image, then the mean.
 *
 * Shape:  one list of true relations an image.
 * Unit:   percent; `limit` counts predictions, Infinity takes them all.
 * Range:  [0, 100]; images without relations are left out, null when none is left.
 * Errors: none.
 * Source: Xu et al., CVPR 2017, R@K.
 */
export function recallAt(images: readonly (readonly Found[])[], limit: number): number | null {
  return mean(images.filter((found) => found.length > 0).map((found) => share(found, limit)));
}

/** Share of all true relations that any prediction found, in percent; null when there is none. */
export const microRecall = (images: readonly (readonly Found[])[]): number | null => {
  const all = images.flat();
  return all.length > 0 ? share(all, Number.POSITIVE_INFINITY) : null;
};

/**
 * R@K of each predicate that the truth has: in each image that has it, then the mean over those.
 *
 * Shape:  in the order of `predicates`; predicates that the truth lacks do not appear.
 * Unit:   percent.
 * Errors: none.
 * Source: Chen et al. and Tang et al., CVPR 2019. R1-SGG e4de64d gives absent predicates 0 instead.
 */
export function predicateRecalls(
  images: readonly (readonly Found[])[],
  predicates: Iterable<string>,
): PredicateRecall[] {
  const byPredicate = new Map<string, Found[][]>();
  for (const image of images)
    for (const [predicate, found] of Map.groupBy(image, (one) => one.predicate)) {
      const having = byPredicate.get(predicate) ?? [];
      byPredicate.set(predicate, having);
      having.push(found);
    }
  return [...predicates].flatMap((predicate) => {
    const having = byPredicate.get(predicate);
    if (!having) return [];
    const recall = atCutoffs((limit) => recallAt(having, limit));
    return { predicate, images: having.length, relationships: having.flat().length, recall };
  });
}

/**
 * Mean recall: R@K of each predicate in the truth, rare ones counting as much as common ones.
 *
 * Unit:   percent.
 * Range:  [0, 100]; null for an empty list.
 * Errors: none.
 */
export const meanRecall = (predicates: readonly PredicateRecall[]): AtCutoffs =>
  atCutoffs((_, key) => mean(predicates.map(({ recall }) => recall[key] ?? 0)));

/** The figure of each cut-off. Errors: those of `figure`. */
export const atCutoffs = (
  figure: (limit: number, key: (typeof cutoffs)[number]) => number | null,
): AtCutoffs => ({ "20": figure(20, "20"), "50": figure(50, "50"), "100": figure(100, "100") });

const share = (found: readonly Found[], limit: number): number =>
  (100 * found.filter(({ rank }) => rank < limit).length) / found.length;

const mean = (values: readonly number[]): number | null =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
