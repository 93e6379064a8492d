import { z } from "zod";
import { cannotUse, readJsonFile } from "./source-file.ts";

/** An image of Visual Genome; its size is as stated, which is wrong for a few. */
export interface Vg150Image {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Of the image in COCO, where it comes from there. */
  readonly cocoId?: number;
}

/**
 * The images that cannot be opened, or could not once.
 *
 * Source: `load_image_filenames` of neural-motifs and Scene-Graph-Benchmark.
 */
export const corruptImages: ReadonlySet<number> = new Set([1592, 1722, 4616, 4617]);

const size = z.int().positive();
const entry = z.object({
  image_id: z.int().nonnegative(),
  width: size,
  height: size,
  coco_id: size.nullish(),
});

/**
 * The images of image_data.json in the order of VG-SGG.h5, which has `count` of them.
 *
 * The published files disagree by the four corrupt images: 108,077 in the JSON file, 108,073 in the
 * other. The JSON file is used as it is where the counts agree, and without those four where the
 * counts agree then.
 *
 * Errors: SggError DATA when the file cannot be read, an id comes twice, or the counts never agree.
 */
export async function readVg150Images(path: string, count: number): Promise<readonly Vg150Image[]> {
  const value = await readJsonFile(path, "image_data.json");
  if (!Array.isArray(value)) throw cannotUse(path, "no list", "a list of images");
  const images = value.map((item, index): Vg150Image => {
    const { success, data } = entry.safeParse(item);
    if (!success)
      throw cannotUse(path, `no image at entry ${index}`, "image_id, width, height, and coco_id");
    const { image_id: id, width, height, coco_id: cocoId } = data;
    return { id, width, height, ...(cocoId && { cocoId }) };
  });
  refuseTwins(path, images);
  if (images.length === count) return images;
  const sound = images.filter(({ id }) => !corruptImages.has(id));
  if (sound.length === count) return sound;
  throw cannotUse(
    path,
    `${images.length} images (${sound.length} without the corrupt ones)`,
    `${count} as in the annotations`,
  );
}

function refuseTwins(path: string, images: readonly Vg150Image[]): void {
  const seen = new Map<number, number>();
  for (const [index, { id }] of images.entries()) {
    const first = seen.get(id);
    if (first !== undefined)
      throw cannotUse(
        path,
        `image_id ${id} twice (entries ${first} and ${index})`,
        "an id of its own",
      );
    seen.set(id, index);
  }
}
