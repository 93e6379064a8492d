import type { Unanswered } from "./unanswered.ts";

/** How far inference is, in images. */
export interface InferProgress {
  readonly of: number;
  /** Those that the file held before. */
  readonly kept: number;
  /** Those answered now. */
  readonly answered: number;
  /** In the order of the rows. */
  readonly unanswered: readonly Unanswered[];
}

/** Who hears of it. */
export interface Listeners {
  readonly say?: (text: string) => void;
  readonly onProgress?: (progress: InferProgress) => void;
}

/** So many unanswered images are told of one by one. */
const mostSaid = 3;

/** Counts images, given by their ids, as they are answered or given up, and says so. */
export function countImages(ids: readonly string[], kept: number, { say, onProgress }: Listeners) {
  const reasons = new Map<number, string>();
  let answered = 0;
  const progress = (): InferProgress => {
    const unanswered = [...reasons]
      .toSorted(([a], [b]) => a - b)
      .map(([index, reason]) => ({ image_id: ids[index]!, reason }));
    return { of: ids.length, kept, answered, unanswered };
  };
  return {
    progress,
    answered: (): void => {
      answered += 1;
      onProgress?.(progress());
    },
    giveUp: (index: number, reason: string): void => {
      reasons.set(index, reason);
      if (reasons.size <= mostSaid) say?.(`no answer to "${ids[index]}": ${reason}`);
      if (reasons.size === mostSaid) say?.("further images without an answer are only listed");
      onProgress?.(progress());
    },
  };
}
