import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cannotWrite, discard } from "../../cannot-write.ts";
import { SggError } from "../../errors.ts";
import { version } from "../../version.ts";
import type { DatasetFormat } from "../output/dataset.ts";
import { newFolder, temporaryFolder } from "../temporary-folder.ts";
import { type Counts, chooseRows, type Wishes } from "./choose.ts";
import { type Copied, copyRows } from "./copy-rows.ts";
import { type SourceFile, sourceFile } from "./source-file.ts";

/** Where rows come from. */
export interface HfSource {
  /** The dataset files, in order. */
  readonly files: readonly string[];
  /** What the record says of their origin: a path, or a Hub id with its revision. */
  readonly origin: Readonly<Record<string, string>>;
}

/** What is to be made of them, and where. */
export interface HfOptions {
  readonly out: string;
  readonly set: string;
  readonly format: DatasetFormat;
  readonly wishes: Wishes;
  /** What was asked, as the record is to say it. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly onProgress: (done: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What `prepare.json` says. */
export interface HfRecord {
  readonly dataset: "hf";
  readonly version: string;
  readonly source: Readonly<Record<string, string>>;
  readonly sources: readonly SourceFile[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly counts: Counts & Pick<Copied, "mended" | "leftOut">;
  readonly files: readonly string[];
}

const nothingLeft = (out: string, read: number): SggError =>
  new SggError(
    "DATA",
    `Cannot make "${out}": no row is left of the ${read} that were read, expected at least one`,
  );

/**
 * Makes a dataset of our layout out of one in the Hugging Face layout, or of our own.
 *
 * Two passes: the first chooses, the second copies and looks at the images. The folder has the
 * rows, their images, and `prepare.json` with where they came from and how many went at each step;
 * it appears whole or not at all.
 *
 * Errors: SggError DATA for faults, and when no row is left; those of `newFolder` and `cannotWrite`
 */
export async function prepareHf(source: HfSource, options: HfOptions): Promise<HfRecord> {
  const { wishes, set, format } = options;
  const folder = await newFolder(options.out);
  const choice = await chooseRows(source.files, wishes, options.signal);
  const { read, written } = choice.counts;
  if (written === 0) throw nothingLeft(options.out, read);
  const temporary = await temporaryFolder(folder);
  try {
    const { files, rows, mended, leftOut } = await copyRows({
      ...{ files: source.files, choice, folder: temporary, set, format },
      ...{ classes: wishes.classes, fix: wishes.fix },
      ...{ onProgress: options.onProgress, signal: options.signal },
    });
    if (rows === 0) throw nothingLeft(options.out, read);
    const record: HfRecord = {
      ...{ dataset: "hf", version, source: source.origin },
      sources: await Promise.all(source.files.map(sourceFile)),
      options: options.asked,
      counts: { ...choice.counts, mended, leftOut, written: rows },
      files,
    };
    const text = `${JSON.stringify(record, null, 2)}\n`;
    await writeFile(join(temporary, "prepare.json"), text, { flush: true });
    await rename(temporary, folder);
    return record;
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(options.out, cause);
  }
}
