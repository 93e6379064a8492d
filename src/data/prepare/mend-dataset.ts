import { extname } from "node:path";
import { datasetFiles, setName } from "../shards.ts";
import { type HfRecord, prepareHf } from "./hf.ts";

/**
 * Writes a dataset anew, mended where that harms nobody, in the format that it has.
 *
 * Rows with other faults are left out; `mends.ndjson` in the new folder lists what was done.
 *
 * Errors: SggError DATA when the dataset cannot be read, or `out` is not empty.
 */
export async function mendDataset(path: string, out: string): Promise<HfRecord> {
  const files = await datasetFiles(path);
  return prepareHf(
    { files, origin: { path } },
    {
      ...{ out, set: setName(files[0]!), asked: { fix: true }, onProgress: () => {} },
      format: extname(files[0]!) === ".parquet" ? "parquet" : "jsonl",
      wishes: { seed: 0, fix: true },
    },
  );
}
