import type { ImageResult } from "./judge.ts";
import type { Cutoff } from "./recall.ts";
import type { Tally } from "./tally.ts";

/** The figures of one image, recall in percent. */
export interface ImageFigures {
  readonly image_id: string;
  readonly answer: ImageResult["answer"];
  readonly relationships: number;
  /** Null for an image that R@K does not count. */
  readonly recall: Readonly<Record<Cutoff, number>> | null;
  /** Over the relations that training lacks; null where there are none. */
  readonly zero_shot_recall: Readonly<Record<Cutoff, number>> | null;
}

/**
 * The figures of each image, in the dataset's order.
 *
 * Errors: none.
 */
export function* imageFigures({
  imageIds,
  answers,
  isCounted,
  relations,
}: Tally): Generator<ImageFigures> {
  let next = 0;
  for (const [place, image_id] of imageIds.entries()) {
    const ranks: number[] = [];
    const unseen: number[] = [];
    for (; relations.image[next] === place; next += 1) {
      ranks.push(relations.rank[next]!);
      if (relations.isUnseen[next]) unseen.push(relations.rank[next]!);
    }
    const recall = (of: readonly number[]) => (isCounted[place] ? recallOf(of) : null);
    yield {
      image_id,
      answer: answers[place]!,
      relationships: ranks.length,
      recall: recall(ranks),
      zero_shot_recall: recall(unseen),
    };
  }
}

/** Share of ranks below each K, in percent; null when there are none. Errors: none. */
export function recallOf(ranks: readonly number[]): Readonly<Record<Cutoff, number>> | null {
  if (ranks.length === 0) return null;
  const below = (limit: number) =>
    (100 * ranks.filter((rank) => rank < limit).length) / ranks.length;
  return { "20": below(20), "50": below(50), "100": below(100) };
}
