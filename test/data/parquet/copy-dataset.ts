import type { DatasetFormat } from "../../../src/data/output/dataset.ts";
import { prepareHf } from "../../../src/data/prepare/hf.ts";
import { datasetFiles, setName } from "../../../src/data/shards.ts";

/** Copies a dataset into a new folder in another format. */
export async function copyDataset(path: string, out: string, format: DatasetFormat): Promise<void> {
  const files = await datasetFiles(path);
  await prepareHf(
    { files, origin: { path } },
    {
      ...{ out, format, set: setName(files[0]!), asked: {}, onProgress: () => {} },
      wishes: { seed: 0, fix: false },
    },
  );
}
