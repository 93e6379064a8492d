import { open } from "node:fs/promises";
import { cocoIdOf } from "./coco-id.ts";
import { readAroundList } from "./prepare/json-list.ts";
import { cannotRead, cannotUse, readJsonFile } from "./prepare/source-file.ts";

/** Which image of COCO an image of a data set is, by its image_id; those that are none are not there. */
export interface CocoIds {
  /** The data set, as lists of classes are named. */
  readonly dataset: "vg150" | "psg";
  readonly ids: ReadonlyMap<string, number>;
}

const expected = "image_data.json of Visual Genome, or psg.json";

/**
 * Reads from image_data.json of Visual Genome, or from psg.json, which image of COCO each of its images is.
 *
 * Errors: SggError DATA for a file that cannot be read, or is neither
 */
export async function readCocoIds(path: string): Promise<CocoIds> {
  const ids = new Map<string, number>();
  if ((await firstLetter(path)) === "[") {
    const list = await readJsonFile(path, expected);
    for (const image of list as readonly Partial<Record<string, unknown>>[])
      if (typeof image?.coco_id === "number") ids.set(String(image.image_id), image.coco_id);
    if (ids.size === 0) throw cannotUse(path, "no coco_id", expected);
    return { dataset: "vg150", ids };
  }
  await readAroundList(path, "data", expected, (item) => {
    const { image_id, file_name } = (item ?? {}) as Partial<Record<string, unknown>>;
    const id = typeof file_name === "string" ? cocoIdOf(file_name) : undefined;
    if (id !== undefined) ids.set(String(image_id), id);
  });
  if (ids.size === 0) throw cannotUse(path, "no file_name of COCO in data", expected);
  return { dataset: "psg", ids };
}

/** The first letter that is no blank. */
async function firstLetter(path: string): Promise<string | undefined> {
  const fail = (cause: unknown) => {
    throw cannotRead(path, cause, expected);
  };
  const file = await open(path).catch(fail);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256)).catch(fail);
    return buffer.toString("utf8", 0, bytesRead).trim()[0];
  } finally {
    await file.close();
  }
}
