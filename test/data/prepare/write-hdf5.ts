import { join } from "node:path";
import { File, ready } from "h5wasm/node";
import { temporaryFolder } from "../rows-file.ts";

/** A data set to write: its numbers row after row, and its shape. */
export interface Table {
  readonly data: Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** An HDF5 file of its own folder with these data sets. */
export async function writeHdf5(
  name: string,
  tables: Readonly<Record<string, Table>>,
): Promise<string> {
  await ready;
  const path = join(await temporaryFolder(), name);
  const file = new File(path, "w");
  for (const [table, { data, shape }] of Object.entries(tables))
    file.create_dataset({ name: table, data, shape: [...shape] });
  file.close();
  return path;
}
