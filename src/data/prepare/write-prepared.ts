import { constants } from "node:fs";
import { copyFile, mkdir, open, rename, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { cannotWrite, discard } from "../../cannot-write.ts";
import { SggError } from "../../errors.ts";
import { version } from "../../version.ts";
import { newFolder, temporaryFolder } from "../temporary-folder.ts";
import {
  type OnProgress,
  type Prepared,
  type PreparedRow,
  type PreparedSplit,
  rowCount,
} from "./prepared.ts";

/** Where a prepared data set goes, and whether its images go with it. */
export interface WriteOptions {
  readonly out: string;
  /** Copy the images into the folder; else the rows say where they lie. */
  readonly copyImages: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Writes `<split>.jsonl` for each split that has rows, `prepare.json`, and with `copyImages` `images/`.
 *
 * `prepare.json` says what the folder was made from: sources with size and SHA-256, options, the
 * count after every filter, version. The folder appears whole or not at all.
 *
 * Errors: SggError DATA when no split has a row; those of `newFolder` and `cannotWrite`
 */
export async function writePrepared(prepared: Prepared, options: WriteOptions): Promise<string> {
  const filled = prepared.splits.filter((split) => rowCount(split) > 0);
  if (filled.length === 0) throw nothingLeft(prepared, options.out);
  const folder = await newFolder(options.out);
  const temporary = await temporaryFolder(folder);
  try {
    for (const split of filled) await writeSplit(split, temporary, folder, options);
    await writeFile(join(temporary, "prepare.json"), recordOf(prepared, options), { flush: true });
    await rename(temporary, folder);
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(options.out, cause);
  }
  return folder;
}

function nothingLeft({ splits }: Prepared, out: string): SggError {
  const names = splits.map(({ name }) => name).join(", ");
  return new SggError("DATA", `Cannot make "${out}": no row is left in ${names}, expected some`);
}

const rowsAtOnce = 64;

async function writeSplit(
  split: PreparedSplit,
  temporary: string,
  folder: string,
  { copyImages, onProgress, signal }: WriteOptions,
): Promise<void> {
  const { name, rows } = split;
  if (copyImages) await mkdir(join(temporary, "images"), { recursive: true });
  const of = rowCount(split);
  let done = 0;
  const file = await open(join(temporary, `${name}.jsonl`), "wx");
  try {
    for (const batch of batches(rows(), rowsAtOnce)) {
      signal?.throwIfAborted();
      const placed = batch.map((row) => ({ row, image_path: placeOf(row, folder, copyImages) }));
      if (copyImages)
        await allSettled(
          placed.map(({ row, image_path }) =>
            copyFile(row.image_path, join(temporary, image_path), constants.COPYFILE_FICLONE),
          ),
        );
      await file.appendFile(placed.map(({ row, image_path }) => lineOf(row, image_path)).join(""));
      done += batch.length;
      onProgress(`rows of ${name} written`, done, of);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Where a row's image will be, as seen from the folder. */
const placeOf = (row: PreparedRow, folder: string, copied: boolean): string =>
  copied ? `images/${row.image_id}${extname(row.image_path)}` : relative(folder, row.image_path);

const lineOf = (row: PreparedRow, image_path: string): string => {
  const { image_id, width, height, coco_id, objects, relationships } = row;
  const head = { image_id, image_path, width, height, ...(coco_id && { coco_id }) };
  return `${JSON.stringify({ ...head, objects, relationships })}\n`;
};

const recordOf = (prepared: Prepared, { copyImages }: WriteOptions): string => {
  const { dataset, sources, options, splits, notes } = prepared;
  const parts = splits.map(({ name, counts, paper }) => ({ name, counts, paper }));
  const record = {
    dataset,
    version,
    sources,
    options: { ...options, copyImages },
    splits: parts,
    notes,
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
};

/** Waits for all before it throws: none may still write when a failed folder is removed. */
async function allSettled(writes: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(writes);
  await Promise.all(writes);
}

function* batches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
