import { rename } from "node:fs/promises";
import { join, relative } from "node:path";
import type { EmbeddedImage } from "../found-rows.ts";
import {
  createParquet,
  type ParquetColumn,
  type ParquetOutput,
  type ParquetRow,
} from "../parquet/write.ts";
import type { Row } from "../row.ts";
import type { DatasetOptions, DatasetOutput } from "./dataset.ts";

/** The size of the Hub's shards. */
const shardBytes = 500e6;

/** Begins parquet shards; how many there are is part of their names, so that they get them last. */
export async function createShards(
  { folder, set, fields }: DatasetOptions,
  mostBytes = shardBytes,
): Promise<DatasetOutput> {
  const prompts = ["prompt_open", "prompt_close"] as const;
  const columns: readonly ParquetColumn[] = [
    ...(["image_id", "image"] as const),
    ...prompts.filter((prompt) => fields.includes(prompt)),
    ...(["objects", "relationships", "width", "height"] as const),
    ...(["think", "coco_id"] as const).filter((field) => fields.includes(field)),
  ];
  const begun: string[] = [];
  const begin = async () => {
    const path = join(folder, `${set}-${begun.length}.part`);
    const shard = await createParquet(path, columns);
    begun.push(path);
    return shard;
  };
  let shard: ParquetOutput | undefined = await begin();
  const end = async () => {
    await shard?.finish();
    await shard?.close();
    shard = undefined;
  };
  return {
    write: async (row, image) => {
      shard ??= await begin();
      await shard.write(toParquet(row, image, folder));
      if (shard.bytes() >= mostBytes) await end();
    },
    finish: async () => {
      await end();
      const five = (number: number) => String(number).padStart(5, "0");
      const names = begun.map((_, at) => `${set}-${five(at)}-of-${five(begun.length)}.parquet`);
      for (const [at, name] of names.entries()) await rename(begun[at]!, join(folder, name));
      return names;
    },
    close: async () => {
      await shard?.close();
      shard = undefined;
    },
  };
}

function toParquet(row: Row, image: EmbeddedImage | undefined, folder: string): ParquetRow {
  const outside = row.image_path === undefined ? null : relative(folder, row.image_path);
  const stored = image ? { bytes: image.bytes, path: image.path ?? null } : undefined;
  return {
    image_id: row.image_id,
    image: stored ?? (outside === null ? null : { bytes: null, path: outside }),
    prompt_open: row.prompt_open ?? null,
    prompt_close: row.prompt_close ?? null,
    objects: JSON.stringify(row.objects),
    relationships: JSON.stringify(row.relationships),
    width: row.width,
    height: row.height,
    think: row.think ?? null,
    coco_id: row.coco_id ?? null,
  };
}
