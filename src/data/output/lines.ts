import { open } from "node:fs/promises";
import { join, relative } from "node:path";
import type { DatasetOptions, DatasetOutput } from "./dataset.ts";
import { storeImages } from "./images.ts";

/** Begins `SET.jsonl`, image paths relative to it. */
export async function createLines({ folder, set }: DatasetOptions): Promise<DatasetOutput> {
  const name = `${set}.jsonl`;
  const file = await open(join(folder, name), "wx");
  const store = storeImages(folder);
  return {
    write: async ({ image_id, image_path, ...rest }, image) => {
      const path = image
        ? await store(image_id, image)
        : image_path && relative(folder, image_path);
      const row = { image_id, ...(path && { image_path: path }), ...rest };
      await file.appendFile(`${JSON.stringify(row)}\n`);
    },
    finish: async () => {
      await file.sync();
      return [name];
    },
    close: () => file.close(),
  };
}
