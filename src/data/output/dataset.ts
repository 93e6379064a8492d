import type { EmbeddedImage } from "../found-rows.ts";
import type { Row } from "../row.ts";
import { createLines } from "./lines.ts";
import { createShards } from "./shards.ts";

/** How a dataset is stored: lines and a folder of images, or images and all in parquet. */
export type DatasetFormat = "jsonl" | "parquet";

/** The fields of a row that a dataset may do without. */
export const optionalFields = ["prompt_open", "prompt_close", "think", "coco_id"] as const;

/** One of {@link optionalFields}. */
export type OptionalField = (typeof optionalFields)[number];

/** What is settled of a dataset before its first row is written. */
export interface DatasetOptions {
  /** The folder, there already and without such a dataset. */
  readonly folder: string;
  /** Name of the set, for example `train`. */
  readonly set: string;
  readonly format: DatasetFormat;
  /** Which optional fields any row has: parquet has to know its columns. */
  readonly fields: readonly OptionalField[];
}

/** A dataset that is being written. */
export interface DatasetOutput {
  /** Adds a row. An image that is given is stored with it; else the path of the row is kept. */
  readonly write: (row: Row, image?: EmbeddedImage) => Promise<void>;
  /** Ends the files and gives their names. */
  readonly finish: () => Promise<readonly string[]>;
  /** Closes what is open, finished or not. */
  readonly close: () => Promise<void>;
}

/**
 * Begins a dataset in a folder: `SET.jsonl` with its images beside it, or `SET-00000-of-00003.parquet`
 * and so on.
 *
 * What is read from the one and written as the other, and back, is the same rows and image bytes.
 *
 * Errors: those of `node:fs`, here and in what it gives.
 */
export const createDataset = (options: DatasetOptions): Promise<DatasetOutput> =>
  options.format === "jsonl" ? createLines(options) : createShards(options);
