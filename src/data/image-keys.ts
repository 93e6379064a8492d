import { dirname, resolve } from "node:path";
import { z } from "zod";
import { SggError } from "../errors.ts";
import { cocoIdOf } from "./coco-id.ts";
import { readLines } from "./lines.ts";
import { readJson } from "./predictions.ts";
import { realFolder } from "./real-folder.ts";

/** What tells an image from others. */
export interface ImageKeys {
  readonly imageId: string;
  readonly cocoId?: number;
  /** Absolute, or `FILE.parquet#ROW`; absent for a row without an image. */
  readonly path?: string;
}

const keys = z.object({
  image_id: z.string(),
  coco_id: z.number().optional(),
  image_path: z.string().optional(),
});

/**
 * What tells the images of a JSONL file of rows, to train on or to be asked about; nothing else is read of
 * them.
 *
 * Errors: SggError DATA for a line that is no row; those of `node:fs`
 */
export async function readImageKeys(path: string): Promise<readonly ImageKeys[]> {
  const folder = await realFolder(dirname(path));
  const images: ImageKeys[] = [];
  for await (const { number, text } of readLines(path)) {
    const read = readJson(keys, text);
    if ("fault" in read)
      throw new SggError("DATA", `Cannot read "${path}": line ${number}: ${read.fault}`);
    const { image_id: imageId, coco_id, image_path } = read.value;
    const cocoId = coco_id ?? (image_path === undefined ? undefined : cocoIdOf(image_path));
    images.push({
      imageId,
      ...(cocoId !== undefined && { cocoId }),
      ...(image_path !== undefined && { path: resolve(folder, image_path) }),
    });
  }
  return images;
}
