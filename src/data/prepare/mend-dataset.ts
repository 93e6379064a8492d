import { extname } from "node:path";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { datasetFiles, setName } from "../shards.ts";
import { type HfRecord, prepareHf } from "./hf.ts";

/** Where the mended set goes; names that `classes` does not have are faults. */
export interface MendOptions {
  readonly out: string;
  readonly classes?: ClassNames | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Writes a dataset anew, mended where that harms nobody, in the format that it has.
 *
 * Rows with other faults are left out; `mends.ndjson` in the new folder lists what was done.
 *
 * Errors: SggError DATA when the dataset cannot be read; those of `prepareHf`
 */
export async function mendDataset(
  path: string,
  { out, classes, signal }: MendOptions,
): Promise<HfRecord> {
  const files = await datasetFiles(path);
  return prepareHf(
    { files, origin: { path } },
    {
      ...{ out, set: setName(files[0]!), asked: { fix: true }, onProgress: () => {}, signal },
      format: extname(files[0]!) === ".parquet" ? "parquet" : "jsonl",
      wishes: { seed: 0, fix: true, ...(classes && { known: classes }) },
    },
  );
}
