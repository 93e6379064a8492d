import type { ClassNames } from "../../core/classes/class-names.ts";
import { vg150 } from "../../core/classes/vg150.ts";
import { locateImages, measureImages } from "./images.ts";
import type { ImageSize } from "./jpeg-head.ts";
import { nameNotes, sizeNotes } from "./notes.ts";
import type { Count, OnProgress, Prepared, PreparedSplit } from "./prepared.ts";
import type { Duplicates } from "./relations.ts";
import { toRow } from "./row.ts";
import { sourceFile } from "./source-file.ts";
import { readVg150Annotations, type Vg150Annotations } from "./vg150-annotations.ts";
import { type BoxForm, boxInPixels } from "./vg150-box.ts";
import { readVg150Names } from "./vg150-dicts.ts";
import { readVg150Images, type Vg150Image } from "./vg150-images.ts";
import { type Selection, selectVg150, type Vg150Filters, type Vg150Split } from "./vg150-select.ts";

/** The raw files of VG150, and what is to be made of them. */
export interface Vg150Options {
  /** VG-SGG.h5 or VG-SGG-with-attri.h5. */
  readonly h5: string;
  /** VG-SGG-dicts.json or VG-SGG-dicts-with-attri.json. */
  readonly dicts: string;
  /** image_data.json. */
  readonly imageData: string;
  /** Folders of images; VG_100K and VG_100K_2 inside them are looked in as well. */
  readonly images: readonly string[];
  readonly splits: readonly Vg150Split[];
  readonly filters: Omit<Vg150Filters, "duplicates">;
  /** For all splits; without it `triplets` in training and `keep` elsewhere, as public code does. */
  readonly duplicates?: Duplicates;
  readonly boxes: BoxForm;
  /** Whether the images are opened for their sizes, or image_data.json is believed. */
  readonly sizes: "measured" | "stated";
}

/** What training code uses that does not say otherwise. */
export const vg150Filters: Omit<Vg150Filters, "duplicates"> = {
  corrupt: true,
  relations: true,
  overlap: true,
  validation: 5000,
  seed: 0,
};

/** Rows of the paper. Source: R1-SGG (arXiv 2504.13617), section on data sets. */
const paper: Readonly<Partial<Record<Vg150Split, number>>> = { train: 56_224, val: 5000 };

/**
 * Images that the filters leave of the published files.
 *
 * Source: 70 % of 108,073 images (Xu et al. 2017), 62,723 training and 26,446 test images with a
 * relation, 57,723 after the validation images (users of the public loaders); docs/data.md.
 */
const published: Readonly<Record<Vg150Split, Readonly<Record<string, number>>>> = {
  train: {
    "in split 0 of the file": 75_651,
    "with a relation": 62_723,
    "after the first 5000": 57_723,
  },
  val: { "in split 0 of the file": 75_651, "with a relation": 62_723, "the first 5000": 5000 },
  test: { "in split 2 of the file": 32_422, "with a relation": 26_446 },
};

/**
 * Reads, checks and filters the raw files of VG150; writes nothing.
 *
 * Errors: SggError DATA when a file is missing, broken or does not fit the others, when images are
 * missing or cannot be opened.
 */
export async function readVg150(
  options: Vg150Options,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<Prepared> {
  const paths = [options.h5, options.dicts, options.imageData];
  const annotations = await readVg150Annotations(options.h5);
  const names = await readVg150Names(options.dicts, annotations.highest);
  const list = await readVg150Images(options.imageData, annotations.images);
  const selections = options.splits.map((split) => {
    const duplicates = options.duplicates ?? (split === "train" ? "triplets" : "keep");
    return { split, ...selectVg150(annotations, list, split, { ...options.filters, duplicates }) };
  });
  const wanted = selections.flatMap(({ images }) => images);
  const fileOf = (image: number): string => `${list[image]!.id}.jpg`;
  const folders = { given: options.images, inside: ["VG_100K", "VG_100K_2"] };
  const places = await locateImages(folders, wanted.map(fileOf));
  const pathOf = (image: number): string => places.get(fileOf(image))!;
  const measured =
    options.sizes === "measured" ? await measureImages(wanted.map(pathOf), onProgress, signal) : [];
  const sizes = new Map(measured.map((size, index) => [wanted[index]!, size]));
  const stated = wanted.map((image) => list[image]!);
  const rows = rowsOf({ annotations, names, list, sizes, pathOf, boxes: options.boxes });
  return {
    dataset: "vg150",
    sources: await Promise.all(paths.map(sourceFile)),
    options: { ...options },
    splits: selections.map((selection) => toSplit(selection, options, rows)),
    notes: [...nameNotes("VG150", names, vg150), ...sizeNotes(stated, measured)],
  };
}

interface RowSources {
  readonly annotations: Vg150Annotations;
  readonly names: ClassNames;
  readonly list: readonly Vg150Image[];
  readonly sizes: ReadonlyMap<number, ImageSize>;
  readonly pathOf: (image: number) => string;
  readonly boxes: BoxForm;
}

function rowsOf({ annotations, names, list, sizes, pathOf, boxes }: RowSources) {
  return function* ({ images, relations }: Selection) {
    for (const image of images) {
      const { width, height } = sizes.get(image) ?? list[image]!;
      const { id, cocoId } = list[image]!;
      const objects = Array.from(annotations.labels(image), (label, index) => ({
        name: names.objects[label - 1]!,
        bbox: boxInPixels(annotations.box(image, index), { width, height }, boxes),
      }));
      yield toRow({
        image_id: String(id),
        image_path: pathOf(image),
        width,
        height,
        ...(cocoId !== undefined && { coco_id: cocoId }),
        objects,
        relations: relations(image),
        predicate: (number) => names.predicates[number - 1]!,
      });
    }
  };
}

function toSplit(
  selection: Selection & { readonly split: Vg150Split },
  { filters }: Vg150Options,
  rows: ReturnType<typeof rowsOf>,
): PreparedSplit {
  const { split } = selection;
  const known = isUsual(filters) ? published[split] : {};
  const counts = selection.counts.map((count): Count => {
    const images = known[count.kept];
    return images === undefined ? count : { ...count, published: images };
  });
  const rowsInPaper = paper[split];
  return {
    name: split,
    counts,
    ...(rowsInPaper !== undefined && { paper: rowsInPaper }),
    rows: () => rows(selection),
  };
}

const isUsual = ({ corrupt, relations, overlap, validation }: Vg150Options["filters"]): boolean =>
  corrupt && relations && overlap && validation === vg150Filters.validation;
