import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { placeText } from "../fault.ts";
import type { EmbeddedImage } from "../found-rows.ts";
import { readImage } from "../images/read.ts";
import { streamRows } from "../load.ts";
import { createDataset, type DatasetFormat } from "../output/dataset.ts";
import { keptName } from "../output/images.ts";
import type { Faulty, Sound } from "../read-rows.ts";
import { type Choice, notUsable, restricted } from "./choose.ts";

/** Where chosen rows go, and how. */
export interface CopyOptions {
  /** The files that they were chosen from. */
  readonly files: readonly string[];
  readonly choice: Choice;
  readonly classes?: ClassNames | undefined;
  readonly fix: boolean;
  /** An empty folder. */
  readonly folder: string;
  readonly set: string;
  readonly format: DatasetFormat;
  readonly onProgress: (done: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What copying came to. */
export interface Copied {
  readonly files: readonly string[];
  readonly rows: number;
  readonly mended: number;
  /** For faults of their own or of their image. */
  readonly leftOut: number;
}

/** Where the list of what was mended or left out goes; no data file, by its name. */
export const mendsFile = "mends.ndjson";

/**
 * Copies chosen rows with their images, every image read and checked on the way.
 *
 * With `fix` what was mended and which rows were left out is listed in `mends.ndjson`.
 *
 * Errors: SggError DATA with the first faults unless `fix`; those of `node:fs`.
 */
export async function copyRows(options: CopyOptions): Promise<Copied> {
  const { choice, classes, fix, folder, onProgress } = options;
  const output = await createDataset({ ...options, fields: choice.fields });
  const list = fix ? await open(join(folder, mendsFile), "wx") : undefined;
  const note = (entry: object) => list?.appendFile(`${JSON.stringify(entry)}\n`);
  const faulty: Faulty[] = [];
  const counts = { rows: 0, mended: 0 };
  try {
    const { only } = choice;
    for (const row of choice.faulty) await note(leftOut(row));
    let done = 0;
    for await (const read of streamRows(options.files, { images: true, mend: fix, only })) {
      options.signal?.throwIfAborted();
      done += 1;
      onProgress(done, choice.counts.written);
      if ("faults" in read) {
        faulty.push(read);
        await note(leftOut(read));
        continue;
      }
      for (const mend of read.mends) await note({ ...whereOf(read), ...mend });
      if (read.mends.length > 0) counts.mended += 1;
      await output.write(restricted(read.row, classes), await imageOf(read));
      counts.rows += 1;
    }
    if (faulty.length > 0 && !fix) throw notUsable(faulty);
    const files = await output.finish();
    return { files, ...counts, leftOut: choice.faulty.length + faulty.length };
  } finally {
    await output.close();
    await list?.close();
  }
}

/** The image of a row: the one stored with it, or the file that it names. */
async function imageOf({ row, image, statedPath }: Sound): Promise<EmbeddedImage | undefined> {
  if (image !== undefined) return image;
  if (row.image_path === undefined) return undefined;
  const bytes = await readImage(row.image_path);
  return { bytes, ...(statedPath !== undefined && { path: keptName(statedPath) }) };
}

const whereOf = ({ place, row }: Sound) => ({ place: placeText(place), image_id: row.image_id });

const leftOut = ({ place, faults }: Faulty) => ({
  place: placeText(place),
  image_id: faults[0]?.image_id,
  left_out: faults.map(({ field, found, expected }) => ({ field, found, expected })),
});
