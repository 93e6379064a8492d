import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SggError } from "../errors.ts";
import { type Fault, faultList } from "./fault.ts";
import { type Read, readRows } from "./read-rows.ts";
import type { Row } from "./row.ts";

export type { Row } from "./row.ts";

/** Whether the images themselves are opened and decoded; without them a row has to state its size. */
export interface LoadOptions {
  readonly images: boolean;
}

/** What a look through a dataset found. */
export interface DatasetCheck {
  readonly path: string;
  readonly rows: number;
  readonly faults: readonly Fault[];
}

/**
 * The rows of a dataset, all of them in order, or one error that lists its faults.
 *
 * `path` is a `.jsonl` file, or a folder that holds one.
 *
 * Errors: SggError DATA with the first 20 faults (line, image_id, field) and how many there are.
 */
export async function loadDataset(
  path: string,
  options: LoadOptions = { images: true },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const { faults } = await checkDataset(path, options, (row) => rows.push(row));
  if (faults.length === 0) return rows;
  const many = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new SggError("DATA", `Cannot load "${path}": ${many}, expected none\n${faultList(faults)}`);
}

/**
 * Looks through a dataset and gathers every fault, with no row kept.
 *
 * Errors: SggError DATA when there is no file to read.
 */
export async function checkDataset(
  path: string,
  options: LoadOptions = { images: true },
  each: (row: Row) => void = () => {},
): Promise<DatasetCheck> {
  const file = await datasetFile(path);
  const faults: Fault[] = [];
  let rows = 0;
  for await (const read of opened(file, options)) {
    rows += 1;
    if ("row" in read) each(read.row);
    else faults.push(...read.faults);
  }
  if (rows === 0) faults.push({ line: 0, found: "no rows", expected: "at least one" });
  return { path: file, rows, faults };
}

/**
 * The row of one image, read no further than to it; the images of other rows are left alone.
 *
 * Errors: SggError DATA when the row has a fault, or there is none.
 */
export async function findRow(path: string, imageId: string): Promise<Row> {
  const file = await datasetFile(path);
  let rows = 0;
  for await (const read of opened(file, { images: false })) {
    rows += 1;
    if ("row" in read) {
      if (read.row.image_id === imageId) return read.row;
      continue;
    }
    const faults = read.faults.filter(({ image_id }) => image_id === imageId);
    if (faults.length === 0) continue;
    throw new SggError("DATA", `Cannot use image "${imageId}" of "${path}":\n${faultList(faults)}`);
  }
  throw new SggError(
    "DATA",
    `Cannot find image "${imageId}" in "${path}": not among its ${rows} rows, expected an image_id of theirs`,
  );
}

async function* opened(file: string, options: LoadOptions): AsyncGenerator<Read> {
  try {
    yield* readRows(file, options);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new SggError("DATA", `Cannot read "${file}": ${message}, expected a JSONL file`, {
      cause,
    });
  }
}

/** The JSONL file that a path means. */
export async function datasetFile(path: string): Promise<string> {
  const cannot = (found: string, cause?: unknown) =>
    new SggError(
      "DATA",
      `Cannot load "${path}": ${found}, expected a .jsonl file or a folder that holds one`,
      { cause },
    );
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cannot(cause.code === "ENOENT" ? "nothing there" : cause.message, cause);
  });
  if (!stats.isDirectory()) {
    if (!path.endsWith(".jsonl")) throw cannot("another kind of file");
    return resolve(path);
  }
  const found = (await readdir(path)).filter((name) => name.endsWith(".jsonl")).sort();
  if (found.length === 0) throw cannot("a folder without a .jsonl file");
  if (found.length > 1) throw cannot(`a folder with several (${found.join(", ")})`);
  return resolve(join(path, found[0]!));
}
