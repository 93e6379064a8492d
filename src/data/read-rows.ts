import type { ClassNames } from "../core/classes/class-names.ts";
import type { SceneGraph } from "../core/graph/scene-graph.ts";
import type { Fault, Place } from "./fault.ts";
import {
  type EmbeddedImage,
  type FilePart,
  type Found,
  foundRows,
  nameInPlaces,
} from "./found-rows.ts";
import { classFaults, graphFaults } from "./graph-faults.ts";
import { idsSeen } from "./ids-seen.ts";
import { type Mend, mendGraph } from "./mend.ts";
import type { RawRow, Row } from "./row.ts";
import { rowSize, type Size } from "./row-size.ts";
import { toVocabulary, type Vocabulary } from "./vocabulary.ts";

/** What a row of a dataset came to: it, or its faults. */
export type Read = Sound | Faulty;

/** A row without a fault; an image that is stored in the dataset is there with it. */
export interface Sound {
  readonly file: string;
  readonly place: Place;
  readonly row: Row;
  readonly image?: EmbeddedImage;
  /** The image's path as the row states it. */
  readonly statedPath?: string;
  /** What was put right, where that was asked for. */
  readonly mends: readonly Mend[];
}

/** A row that cannot be used as it is. */
export interface Faulty {
  readonly file: string;
  readonly place: Place;
  readonly faults: readonly Fault[];
}

/** How a dataset is read. */
export interface ReadOptions {
  /** Open and decode every image; without, only where a row does not state its size. */
  readonly images: boolean;
  /** Put right what can be without harm, before faults are looked for. */
  readonly mend?: boolean;
  /** The names that are known; others are faults. */
  readonly classes?: ClassNames | undefined;
  /** Says which lines or rows of a file are read; all are by default. */
  readonly only?: (file: string, at: number) => boolean;
}

/**
 * Reads the files of a dataset row by row, and checks each row alone and against those before it.
 *
 * Holds a few rows and the ids in memory; of parquet one row group.
 *
 * Errors: those of `node:fs` for the files themselves, SggError DATA for parquet that cannot be
 * read; everything in them is a fault.
 */
export async function* readRows(
  files: readonly string[],
  options: ReadOptions,
): AsyncGenerator<Read> {
  const again = idsSeen();
  for (const file of files)
    for await (const { image_id, ...read } of rowsOf(file, nameInPlaces(file, files), options)) {
      const fault = again(image_id, read.place);
      if (fault === undefined) yield read;
      else {
        const { place } = read;
        yield { file, place, faults: [fault, ...("faults" in read ? read.faults : [])] };
      }
    }
}

/** A row that was not compared with the others yet. */
export type Alone = Read & { readonly image_id?: string };

/** The rows of one file or of a part of it, each checked alone; see {@link readRows}. */
export async function* rowsOf(
  file: string,
  name: string | undefined,
  { only, ...options }: ReadOptions,
  part?: FilePart,
): AsyncGenerator<Alone> {
  const { images } = options;
  const vocabulary = options.classes && toVocabulary(options.classes);
  const wanted = only && ((at: number) => only(file, at));
  for await (const batch of foundRows(file, name, { images, only: wanted, part })) {
    const read = batch.map((one) => readRow(one, file, options, vocabulary));
    yield* await Promise.all(read);
  }
}

async function readRow(
  found: Found,
  file: string,
  { images, mend }: ReadOptions,
  vocabulary: Vocabulary | undefined,
): Promise<Alone> {
  const { place, parsed, image } = found;
  const id = "row" in parsed ? parsed.row.image_id : parsed.image_id;
  const named = id === undefined ? {} : { image_id: id };
  const placed = (fault: Omit<Fault, keyof Place>): Fault => ({ ...place, ...named, ...fault });
  const at = { file, place, ...named };
  if ("faults" in parsed) return { ...at, faults: parsed.faults.map(placed) };
  const { size, faults: sizeFaults } = await rowSize(parsed.row, found, images);
  const { graph, mends } =
    mend && size ? mendGraph(parsed.row, size) : { graph: parsed.row, mends: [] };
  const names = vocabulary ? classFaults(graph, vocabulary) : [];
  const faults = [...sizeFaults, ...graphFaults(graph, size), ...names];
  if (faults.length > 0 || size === undefined) return { ...at, faults: faults.map(placed) };
  const row = toRow({ ...parsed.row, ...graph }, found.imagePath, size);
  return {
    ...{ ...at, row, mends },
    ...(image && { image }),
    ...(found.statedPath !== undefined && { statedPath: found.statedPath }),
  };
}

function toRow(
  row: Omit<RawRow, keyof SceneGraph> & SceneGraph,
  path: string | undefined,
  { width, height }: Size,
): Row {
  const { image_id, objects, relationships, prompt_open, prompt_close, think, coco_id } = row;
  const { question, answer } = row;
  return {
    image_id,
    ...(path !== undefined && { image_path: path }),
    width,
    height,
    objects,
    relationships,
    ...(prompt_open !== undefined && { prompt_open }),
    ...(prompt_close !== undefined && { prompt_close }),
    ...(think !== undefined && { think }),
    ...(coco_id !== undefined && { coco_id }),
    ...(question !== undefined && { question }),
    ...(answer !== undefined && { answer }),
  };
}
