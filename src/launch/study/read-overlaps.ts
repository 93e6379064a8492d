import { access } from "node:fs/promises";
import { join } from "node:path";
import type { CocoIds } from "../../data/coco-ids.ts";
import { type ImageKeys, readImageKeys } from "../../data/image-keys.ts";
import { sameFiles } from "../../data/same-files.ts";
import { SggError } from "../../errors.ts";
import { at } from "../../plan/roles/context.ts";
import type { Overlap, OverlapPair, PlacedRows } from "../../report/study/overlap.ts";

/** Data sets whose image_id is the same in all of their files. */
const numbered = ["vg150", "psg"];

/**
 * Counts for each pair of sets how many test images are training images too.
 *
 * Images of one data set are told by their image_id; of VG150 and PSG by their number in COCO, which rows have
 * (`coco_id`, or a file that COCO named) or the given files say; others by the bytes of their files.
 *
 * Errors: none for rows that are not here or do not say enough; that is what an overlap is told by
 */
export async function readOverlaps(
  pairs: readonly OverlapPair[],
  known: readonly CocoIds[],
): Promise<readonly Overlap[]> {
  const overlaps: Overlap[] = [];
  for (const { trained, tested } of pairs) {
    const names = { trained: trained.rows.name, tested: tested.rows.name };
    try {
      overlaps.push({ ...names, ...(await overlapOf(trained, tested, known)) });
    } catch (cause) {
      if (!(cause instanceof SggError)) throw cause;
      overlaps.push({ ...names, images: null, shared: null, by: cause.message });
    }
  }
  return overlaps;
}

type Found = Omit<Overlap, "trained" | "tested">;

async function overlapOf(
  trained: PlacedRows,
  tested: PlacedRows,
  known: readonly CocoIds[],
): Promise<Found> {
  const train = await keysOf(trained, [`${at.train}/sft.jsonl`, `${at.train}/rows.jsonl`], known);
  if (train === null) return unread("the training rows are not here any more");
  const test = await keysOf(tested, [`${at.rows}/rows.jsonl`], known);
  if (test === null) return unread("the test rows are not here any more");
  const images = test.images.length;
  const { classes } = tested.rows;
  const isNumbered = numbered.includes(classes ?? "");
  if (isNumbered && trained.rows.classes === classes)
    return { images, shared: countIn(test, train, ({ imageId }) => imageId), by: "image_id" };
  if (test.coco > 0 && train.coco > 0) {
    const by = `COCO id, which ${test.coco} of the test images have`;
    return { images, shared: countIn(test, train, ({ cocoId }) => cocoId), by };
  }
  const silent = [trained, tested].filter((_, i) => [train, test][i]!.coco === 0);
  if (isNumbered && numbered.includes(trained.rows.classes ?? "")) {
    const names = silent.map(({ rows }) => rows.name).join(" and ");
    const files = silent.map(({ rows }) =>
      rows.classes === "psg" ? "psg.json" : "image_data.json",
    );
    return {
      ...{ images, shared: null },
      by: `the rows of ${names} do not say which images of COCO they are (--coco-ids ${files.join(" ")})`,
    };
  }
  const shared = await sameFiles(test.images, train.images);
  if (typeof shared === "string") return { images, shared: null, by: shared };
  return { images, shared, by: "bytes of the image files" };
}

const unread = (by: string): Found => ({ images: null, shared: null, by });

interface Keys {
  readonly images: readonly ImageKeys[];
  /** How many of them are COCO's. */
  readonly coco: number;
}

/** What tells the images of the first of some files that is there; null where none is. */
async function keysOf(
  { folder, rows }: PlacedRows,
  files: readonly string[],
  known: readonly CocoIds[],
): Promise<Keys | null> {
  for (const file of files) {
    const path = join(folder, file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    const list = known.find(({ dataset }) => dataset === rows.classes);
    const images = (await readImageKeys(path)).map((image) => {
      const cocoId = image.cocoId ?? list?.ids.get(image.imageId);
      return cocoId === undefined ? image : { ...image, cocoId };
    });
    return { images, coco: images.filter(({ cocoId }) => cocoId !== undefined).length };
  }
  return null;
}

/** How many of the one have a key that one of the other has. */
function countIn(
  { images }: Keys,
  others: Keys,
  key: (image: ImageKeys) => string | number | undefined,
): number {
  const there = new Set(others.images.map(key));
  there.delete(undefined);
  return images.filter((image) => there.has(key(image))).length;
}
