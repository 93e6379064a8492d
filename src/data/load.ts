import { resolve } from "node:path";
import { SggError } from "../errors.ts";
import { type Fault, faultList } from "./fault.ts";
import { type Read, type ReadOptions, readRows } from "./read-rows.ts";
import type { Row } from "./row.ts";
import { datasetFiles } from "./shards.ts";

export type { Row } from "./row.ts";

/** Whether the images themselves are opened and decoded; without them a row has to state its size. */
export type LoadOptions = Pick<ReadOptions, "images" | "classes">;

/** What a look through a dataset found. */
export interface DatasetCheck {
  /** The file, or the folder where there are several. */
  readonly path: string;
  readonly rows: number;
  readonly faults: readonly Fault[];
}

/**
 * The rows of a dataset, all of them in order, or one error that lists its faults.
 *
 * `path` is a `.jsonl` or `.parquet` file, or a folder that holds one, or all shards of one.
 * Images stay where they are: a row has the path of its image, or `FILE.parquet#ROW`.
 *
 * Errors: SggError DATA with the first 20 faults (place, image_id, field) and how many there are.
 */
export async function loadDataset(
  path: string,
  options: LoadOptions = { images: true },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of streamDataset(path, options)) rows.push(row);
  return rows;
}

/**
 * The rows of a dataset one after the other, none of them kept; the faults of all come at the end.
 *
 * What was done with the rows is void when it throws.
 *
 * Errors: as `loadDataset`.
 */
export async function* streamDataset(
  path: string,
  options: LoadOptions = { images: false },
): AsyncGenerator<Row> {
  const faults: Fault[] = [];
  let rows = 0;
  for await (const read of streamRows(await datasetFiles(path), options)) {
    rows += 1;
    if ("row" in read) yield read.row;
    else for (const fault of read.faults) faults.push(fault);
  }
  if (rows === 0) faults.push(noRows);
  if (faults.length === 0) return;
  const many = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new SggError("DATA", `Cannot load "${path}": ${many}, expected none\n${faultList(faults)}`);
}

const noRows: Fault = { found: "no rows", expected: "at least one" };

/**
 * Looks through a dataset and gathers every fault, with no row kept.
 *
 * Errors: SggError DATA when there is no file to read, or one that cannot be read.
 */
export async function checkDataset(
  path: string,
  options: LoadOptions = { images: true },
): Promise<DatasetCheck> {
  const files = await datasetFiles(path);
  const faults: Fault[] = [];
  let rows = 0;
  for await (const read of streamRows(files, options)) {
    rows += 1;
    if ("faults" in read) for (const fault of read.faults) faults.push(fault);
  }
  if (rows === 0) faults.push(noRows);
  return { path: files.length === 1 ? files[0]! : resolve(path), rows, faults };
}

/**
 * The row of one image, read no further than to it; the images of other rows are left alone.
 *
 * Errors: SggError DATA when the row has a fault, or there is none.
 */
export async function findRow(path: string, imageId: string): Promise<Row> {
  const files = await datasetFiles(path);
  let rows = 0;
  for await (const read of streamRows(files, { images: false })) {
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

/**
 * The rows of a dataset's files one by one, each with its faults or its embedded image.
 *
 * Errors: SggError DATA for a file that cannot be read.
 */
export async function* streamRows(
  files: readonly string[],
  options: ReadOptions,
): AsyncGenerator<Read> {
  try {
    yield* readRows(files, options);
  } catch (cause) {
    const { code, message, path } = cause as NodeJS.ErrnoException;
    if (cause instanceof SggError || code === undefined) throw cause;
    const file = path ?? files[0];
    throw new SggError("DATA", `Cannot read "${file}": ${message}, expected a dataset file`, {
      cause,
    });
  }
}
