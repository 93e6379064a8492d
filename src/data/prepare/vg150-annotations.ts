import type { Box } from "../../core/graph/scene-graph.ts";
import { readHdf5 } from "./hdf5.ts";
import type { IndexedRelation } from "./relations.ts";
import { checkVg150Tables, vg150Layout } from "./vg150-tables.ts";

/** The annotations of VG150, whole and checked. */
export interface Vg150Annotations {
  readonly path: string;
  readonly images: number;
  /** 0: training and validation; 2: test. */
  readonly split: Int32Array;
  /** Highest number of an object name and of a predicate. */
  readonly highest: { readonly label: number; readonly predicate: number };
  readonly objectCount: (image: number) => number;
  readonly relationCount: (image: number) => number;
  /** Numbers of the object names of an image, in order. */
  readonly labels: (image: number) => Int32Array;
  /** Corners of an object's box, at a longest side of 1024. */
  readonly box: (image: number, object: number) => Box;
  readonly relations: (image: number) => readonly IndexedRelation[];
}

/** Reads and checks VG-SGG.h5. Errors: SggError DATA; see {@link readHdf5}. */
export async function readVg150Annotations(path: string): Promise<Vg150Annotations> {
  const table = await readHdf5(path, vg150Layout);
  checkVg150Tables(path, table);
  const rows = (first: Int32Array, last: Int32Array, image: number) =>
    first[image]! < 0 ? ([0, 0] as const) : ([first[image]!, last[image]! + 1] as const);
  const objects = (image: number) => rows(table.img_to_first_box, table.img_to_last_box, image);
  const relations = (image: number) => rows(table.img_to_first_rel, table.img_to_last_rel, image);
  const size = ([from, to]: readonly [number, number]): number => to - from;
  return {
    path,
    images: table.split.length,
    split: table.split,
    highest: { label: highest(table.labels), predicate: highest(table.predicates) },
    objectCount: (image) => size(objects(image)),
    relationCount: (image) => size(relations(image)),
    labels: (image) => table.labels.subarray(...objects(image)),
    box: (image, object) => corners(table.boxes_1024, objects(image)[0] + object),
    relations: (image) => {
      const [first] = objects(image);
      const [from, to] = relations(image);
      return Array.from({ length: to - from }, (_, index) => ({
        subject: table.relationships[2 * (from + index)]! - first,
        predicate: table.predicates[from + index]!,
        object: table.relationships[2 * (from + index) + 1]! - first,
      }));
    },
  };
}

/**
 * Corners of a box that is kept as centre and size.
 *
 * Source: `load_graphs` of neural-motifs and Scene-Graph-Benchmark writes `centre - size / 2` into
 * an array of whole numbers, which cuts towards 0: odd sizes begin half a unit further up or left.
 */
function corners(boxes: Int32Array, row: number): Box {
  const [width, height] = [boxes[4 * row + 2]!, boxes[4 * row + 3]!];
  const x1 = (boxes[4 * row]! - width / 2) | 0;
  const y1 = (boxes[4 * row + 1]! - height / 2) | 0;
  return [x1, y1, x1 + width, y1 + height];
}

const highest = (numbers: Int32Array): number =>
  numbers.reduce((most, number) => (number > most ? number : most), 0);
