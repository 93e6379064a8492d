import { type FileHandle, open } from "node:fs/promises";
import { zstdCompressSync } from "node:zlib";
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";

/** One row of a parquet file in the Hugging Face layout; `null` where it has nothing to say. */
export interface ParquetRow {
  readonly image_id: string;
  readonly image: { readonly bytes: Uint8Array | null; readonly path: string | null } | null;
  readonly prompt_open: string | null;
  readonly prompt_close: string | null;
  readonly objects: string;
  readonly relationships: string;
  readonly width: number;
  readonly height: number;
  readonly coco_id: number | null;
  readonly think: string | null;
}

/** The columns that a file may have, in their order. */
export type ParquetColumn = keyof ParquetRow;

/** A parquet file that is being written. */
export interface ParquetOutput {
  readonly bytes: () => number;
  readonly write: (row: ParquetRow) => Promise<void>;
  /** Writes what is left and the footer. */
  readonly finish: () => Promise<void>;
  /** Closes the file as it is. */
  readonly close: () => Promise<void>;
}

/** As many rows as the Hub's image datasets have in a group, and no more bytes than fit in memory. */
const groupRows = 100;
const groupBytes = 2 ** 24;

/**
 * Begins a parquet file with some of the columns of the layout.
 *
 * Texts are compressed (zstd); images are stored byte for byte, since JPEG and PNG do not shrink.
 * The Hugging Face library finds its description of the columns in the footer and gives images
 * as images. Holds one row group in memory.
 *
 * Errors: those of `node:fs`.
 */
export async function createParquet(
  path: string,
  columns: readonly ParquetColumn[],
): Promise<ParquetOutput> {
  const handle = await open(path, "wx");
  const writer = fileWriter(handle);
  const parquet = new ParquetWriter({
    writer,
    schema: schemaOf(columns),
    codec: "ZSTD",
    compressors: { ZSTD: (input) => new Uint8Array(zstdCompressSync(input)) },
    kvMetadata: [{ key: "huggingface", value: JSON.stringify(featuresOf(columns)) }],
    createdBy: "r1sgg",
  });
  let rows: ParquetRow[] = [];
  let held = 0;
  const flush = async () => {
    const columnData = columns.map((name) => columnOf(name, rows));
    const rowGroupSize = rows.length;
    rows = [];
    held = 0;
    await parquet.write({ columnData, rowGroupSize });
  };
  return {
    bytes: () => writer.offset + held,
    write: async (row) => {
      rows.push(row);
      held += (row.image?.bytes?.length ?? 0) + row.objects.length + row.relationships.length;
      if (rows.length === groupRows || held >= groupBytes) await flush();
    },
    finish: async () => {
      if (rows.length > 0) await flush();
      await parquet.finish();
      await handle.sync();
    },
    close: () => handle.close(),
  };
}

/** Writes to the file after every row group. */
function fileWriter(handle: FileHandle) {
  const writer = new ByteWriter(1 << 20);
  const flush = async () => {
    await handle.appendFile(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

const columnOf = (name: ParquetColumn, rows: readonly ParquetRow[]): ColumnSource => ({
  name,
  data: rows.map((row) => row[name]),
  ...(name === "image" && { codec: "UNCOMPRESSED", encoding: "PLAIN", statistics: false }),
});

const isWhole = (name: ParquetColumn): boolean =>
  name === "width" || name === "height" || name === "coco_id";

function schemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  const text = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const;
  const elements = columns.flatMap((name): SchemaElement[] => {
    if (isWhole(name)) return [{ name, type: "INT32", repetition_type: "OPTIONAL" }];
    if (name !== "image") return [{ name, ...text }];
    return [
      { name, num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", ...text },
    ];
  });
  return [{ name: "schema", num_children: columns.length }, ...elements];
}

/** What the Hugging Face library keeps beside a dataset's columns. */
function featuresOf(columns: readonly ParquetColumn[]) {
  const feature = (name: ParquetColumn) => {
    if (name === "image") return { _type: "Image" };
    return { dtype: isWhole(name) ? "int32" : "string", _type: "Value" };
  };
  const features = Object.fromEntries(columns.map((name) => [name, feature(name)]));
  return { info: { features } };
}
