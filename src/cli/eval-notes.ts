import type { Judged } from "./eval-setup.ts";

/** What a reader of the figures should know about the files, one sentence each. */
export function evalNotes({ prepared, withoutScale }: Judged): string[] {
  const { answers, leftOut, relations, protocol, isCounted } = prepared.tally;
  const images = answers.length;
  const missing = answers.filter((answer) => answer === "none").length;
  const empty = images - new Set(relations.image).size;
  const skipped = isCounted.filter((counted) => !counted).length - missing;
  const isRelease = protocol.compat === "release";
  const notes = [
    missing > 0 &&
      `${missing} of ${images} images have no prediction: ${isRelease ? "left out, as the release does" : "failures"}`,
    leftOut.objects + leftOut.relationships > 0 &&
      `not in --classes, left out: ${leftOut.objects} objects and ${leftOut.relationships} relations`,
    empty > 0 && `${empty} images have no relation: not part of recall`,
    isRelease &&
      skipped > 0 &&
      `${skipped} images are answered with objects and no relation: the release leaves them out of R@K`,
    withoutScale > 0 &&
      `${withoutScale} answers do not state a box_scale: taken to go up to 1000 x 1000`,
  ];
  return notes.filter((note) => note !== false);
}
