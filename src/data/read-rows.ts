import { dirname, resolve } from "node:path";
import type { Fault } from "./fault.ts";
import { graphFaults } from "./graph-faults.ts";
import { inspectImage } from "./image.ts";
import { type Line, readLines } from "./lines.ts";
import { parseRow, type RawRow, type Row } from "./row.ts";

/** What a line of a dataset came to. */
export type Read =
  | { readonly line: number; readonly row: Row }
  | { readonly line: number; readonly faults: readonly Fault[] };

const linesAtOnce = 16;

/**
 * Reads a JSONL dataset line by line and checks each row alone and against those before it.
 *
 * With `images` every image is opened and decoded; without, only where a row does not state its
 * size. Holds a few lines and the ids in memory, not the rows.
 *
 * Errors: those of `node:fs` for the dataset file itself; everything in it is a fault.
 */
export async function* readRows(
  path: string,
  { images }: { readonly images: boolean },
): AsyncGenerator<Read> {
  const firstLine = new Map<string, number>();
  const check = async (lines: readonly Line[]) =>
    Promise.all(lines.map((line) => readRow(line, dirname(path), images)));
  let batch: Line[] = [];
  for await (const line of readLines(path)) {
    batch.push(line);
    if (batch.length < linesAtOnce) continue;
    for (const read of await check(batch)) yield unique(read, firstLine);
    batch = [];
  }
  for (const read of await check(batch)) yield unique(read, firstLine);
}

type Checked = Read & { readonly image_id?: string };

async function readRow(line: Line, folder: string, images: boolean): Promise<Checked> {
  const parsed = parseRow(line.number, line.text);
  if ("faults" in parsed) return { line: line.number, ...parsed, ...idOf(parsed.faults) };
  const { row } = parsed;
  const at = { line: line.number, image_id: row.image_id };
  const { size, faults: sizeFaults } = await sizeOf(row, folder, images);
  const faults = [...sizeFaults, ...graphFaults(row, size)].map((fault) => ({ ...at, ...fault }));
  if (faults.length > 0 || size === undefined) return { ...at, faults };
  return { ...at, row: toRow(row, folder, size) };
}

const idOf = (faults: readonly Fault[]) =>
  faults[0]?.image_id === undefined ? {} : { image_id: faults[0].image_id };

/** Adds a fault when the id was seen before. */
function unique({ image_id, ...read }: Checked, firstLine: Map<string, number>): Read {
  if (image_id === undefined) return read;
  const first = firstLine.get(image_id);
  if (first === undefined) firstLine.set(image_id, read.line);
  if (first === undefined) return read;
  const fault = {
    line: read.line,
    image_id,
    field: "image_id",
    found: `the id of line ${first} again`,
    expected: "an id of its own",
  };
  return { line: read.line, faults: [fault, ...("faults" in read ? read.faults : [])] };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of the image in pixels: looked up where it has to be, else as stated. */
async function sizeOf(row: RawRow, folder: string, images: boolean) {
  const { width, height } = row;
  const stated = width !== undefined && height !== undefined ? { width, height } : undefined;
  if (stated && !images) return { size: stated, faults: [] };
  const field = row.image_path === undefined && row.image !== undefined ? "image" : "image_path";
  const path = imagePath(row, folder);
  const wrong = (found: string, expected: string, at = field, size: Size | undefined = stated) => ({
    size,
    faults: [{ field: at, found, expected }],
  });
  if (path === undefined)
    return wrong("nothing", images ? "the path of an image" : "it, or width and height");
  const seen = await inspectImage(path);
  if (!seen.ok) return wrong(`${seen.reason} at ${path}`, "a readable, upright image");
  const size = { width: seen.width, height: seen.height };
  const different = (["width", "height"] as const).filter(
    (side) => (row[side] ?? size[side]) !== size[side],
  );
  const faults = different.map((side) => ({
    field: side,
    found: String(row[side]),
    expected: `${size[side]} (the image is ${size.width} x ${size.height})`,
  }));
  return { size, faults };
}

function imagePath(row: RawRow, folder: string): string | undefined {
  const path = row.image_path ?? row.image;
  return path === undefined ? undefined : resolve(folder, path);
}

function toRow(row: RawRow, folder: string, { width, height }: Size): Row {
  const path = imagePath(row, folder);
  const { image_id, objects, relationships, prompt_open, prompt_close } = row;
  return {
    image_id,
    ...(path !== undefined && { image_path: path }),
    width,
    height,
    objects,
    relationships,
    ...(prompt_open !== undefined && { prompt_open }),
    ...(prompt_close !== undefined && { prompt_close }),
  };
}
