import { readFigure, type StudyRun } from "./run.ts";

/**
 * The mean of a figure over the images whose answer in another run, `base`, can be read.
 *
 * So a gain that is more than answers which had been lost is told from one that is not: an image that
 * `run` itself has no readable answer to counts with 0, as always.
 *
 * Range: null where either has no figures of its images, and where no image is left
 */
export function whereValid(
  { images }: StudyRun,
  base: StudyRun | undefined,
  path: string,
): number | null {
  if (images === undefined || base?.images === undefined) return null;
  const valid = new Set(base.images.flatMap((one) => (one.answer === "read" ? one.image_id : [])));
  const figures = images.flatMap((one) =>
    valid.has(one.image_id) ? (readFigure(one, path) ?? []) : [],
  );
  if (figures.length === 0) return null;
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}
