import { psg } from "../../core/classes/psg.ts";
import type { Box } from "../../core/graph/scene-graph.ts";
import { SggError } from "../../errors.ts";
import { cocoIdOf } from "../coco-id.ts";
import { locateImages, measureImages } from "./images.ts";
import type { ImageSize } from "./jpeg-head.ts";
import { differing, nameNotes, turnedNotes } from "./notes.ts";
import type { Count, OnProgress, Prepared, PreparedSplit } from "./prepared.ts";
import { type PsgFile, type PsgImage, readPsgFile } from "./psg-file.ts";
import { type Duplicates, type IndexedRelation, withoutDuplicates } from "./relations.ts";
import { toRow } from "./row.ts";
import { sourceFile } from "./source-file.ts";

/** Images for training, and those that psg.json lists for testing. */
export type PsgSplit = "train" | "test";

/** The raw files of PSG, and what is to be made of them. */
export interface PsgOptions {
  /** psg.json. */
  readonly psg: string;
  /** Folders that hold COCO's train2017 and val2017, or `images` with these. */
  readonly images: readonly string[];
  readonly splits: readonly PsgSplit[];
  /** Drop images without a relation. */
  readonly relations: boolean;
  readonly duplicates: Duplicates;
  readonly seed: number;
  /** Whether the images are opened for their sizes, or psg.json is believed. */
  readonly sizes: "measured" | "stated";
}

/** Rows of the paper: all images, also those without a relation. Source: arXiv 2504.13617. */
const paper: Readonly<Record<PsgSplit, number>> = { train: 46_563, test: 2186 };

/** Images with a relation. Source: README of OpenPSG (45,697; 2,177 of issue 63). */
const withRelations: Readonly<Record<PsgSplit, number>> = { train: 45_697, test: 2177 };

/**
 * Reads, checks and filters psg.json; writes nothing.
 *
 * Errors: SggError DATA when it is missing or broken, or when images are missing or cannot be opened.
 */
export async function readPsg(
  options: PsgOptions,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<Prepared> {
  const file = await readPsgFile(options.psg);
  const selections = options.splits.map((split) => select(file, split, options));
  const wanted = selections.flatMap(({ images }) => images);
  const folders = { given: options.images, inside: ["images"] };
  const places = await locateImages(
    folders,
    wanted.map((image) => image.file),
  );
  const paths = wanted.map((image) => places.get(image.file)!);
  const measured =
    options.sizes === "measured" ? await measureImages(paths, onProgress, signal) : [];
  refuseOtherSizes(wanted, paths, measured);
  return {
    dataset: "psg",
    sources: [await sourceFile(options.psg)],
    options: { ...options },
    splits: selections.map(
      ({ split, images, counts, relations }): PreparedSplit => ({
        name: split,
        counts,
        paper: paper[split],
        rows: () => rowsOf({ images, relations, places, names: file.names }),
      }),
    ),
    notes: [...nameNotes("PSG", file.names, psg), ...turnedNotes(measured)],
  };
}

/** The boxes are in pixels of the images that psg.json states, and fit no others. */
function refuseOtherSizes(
  wanted: readonly PsgImage[],
  paths: readonly string[],
  sizes: readonly ImageSize[],
): void {
  const other = differing(wanted, sizes);
  const [first] = other;
  if (first === undefined) return;
  const { width, height } = sizes[first]!;
  const more = other.length === 1 ? "" : ` and ${other.length - 1} more`;
  const stated = `${wanted[first]!.width} x ${wanted[first]!.height}`;
  throw new SggError(
    "DATA",
    `Cannot use "${paths[first]}"${more}: ${width} x ${height} pixels, expected ${stated} as the annotations state`,
  );
}

interface PsgSelection {
  readonly split: PsgSplit;
  readonly images: readonly PsgImage[];
  readonly counts: readonly Count[];
  readonly relations: (image: PsgImage) => readonly IndexedRelation[];
}

function select(file: PsgFile, split: PsgSplit, options: PsgOptions): PsgSelection {
  const counts: Count[] = [];
  let images = file.images.filter(({ image_id }) => file.test.has(image_id) === (split === "test"));
  let relations = (image: PsgImage) => image.relations;
  const count = (kept: string, published?: number): void => {
    const sum = images.reduce((total, image) => total + relations(image).length, 0);
    const known = published === undefined ? {} : { published };
    counts.push({ kept, images: images.length, relations: sum, ...known });
  };
  const listed = split === "test" ? "listed" : "not listed";
  count(`${listed} in test_image_ids`, paper[split]);
  if (options.relations) {
    images = images.filter((image) => image.relations.length > 0);
    count("with a relation", withRelations[split]);
  }
  const { duplicates, seed } = options;
  if (duplicates !== "keep") {
    relations = (image) =>
      withoutDuplicates(image.relations, duplicates, `${seed}/${image.image_id}`);
    count(duplicates === "pairs" ? "one relation a pair" : "each statement once");
  }
  return { split, images, counts, relations };
}

interface RowSources extends Pick<PsgSelection, "images" | "relations"> {
  readonly places: ReadonlyMap<string, string>;
  readonly names: PsgFile["names"];
}

function* rowsOf({ images, relations, places, names }: RowSources) {
  for (const image of images) {
    const { width, height } = image;
    const cocoId = cocoIdOf(image.file);
    yield toRow({
      image_id: image.image_id,
      image_path: places.get(image.file)!,
      width,
      height,
      ...(cocoId !== undefined && { coco_id: cocoId }),
      objects: image.categories.map((category, at) => ({
        name: names.objects[category]!,
        bbox: boxInside(image, at),
      })),
      relations: relations(image),
      predicate: (number) => names.predicates[number]!,
    });
  }
}

function boxInside({ boxes, width, height }: PsgImage, at: number): Box {
  const clip = (value: number, size: number): number => Math.min(Math.max(value, 0), size);
  const [x1, y1, x2, y2] = boxes.slice(4 * at, 4 * at + 4) as unknown as Box;
  return [clip(x1, width), clip(y1, height), clip(x2, width), clip(y2, height)];
}
