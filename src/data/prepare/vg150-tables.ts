import type { SggError } from "../../errors.ts";
import type { Columns } from "./hdf5.ts";
import { cannotUse } from "./source-file.ts";

/**
 * The part of VG-SGG.h5 that is read; VG-SGG-with-attri.h5 has the same and attributes besides.
 *
 * An image's objects are the rows `img_to_first_box` to `img_to_last_box` of labels and boxes, its
 * relations the rows `img_to_first_rel` to `img_to_last_rel`; -1 where it has none. `relationships`
 * holds rows of labels (subject, object), `boxes_1024` centre and size at a longest side of 1024.
 *
 * Source: scene-graph-TF-release `data_tools/vg_to_roidb.py`, which makes the file.
 */
export const vg150Layout = {
  split: 1,
  labels: 1,
  boxes_1024: 4,
  img_to_first_box: 1,
  img_to_last_box: 1,
  predicates: 1,
  relationships: 2,
  img_to_first_rel: 1,
  img_to_last_rel: 1,
} as const;

type Tables = Columns<typeof vg150Layout>;
type Wrong = (found: string, expected: string) => SggError;

/**
 * Refuses tables that do not fit each other: what public loaders assert, and a little more.
 *
 * Errors: SggError DATA with the first thing that is wrong.
 */
export function checkVg150Tables(path: string, tables: Tables): void {
  const wrong: Wrong = (found, expected) => cannotUse(path, found, expected);
  checkLengths(tables, wrong);
  for (const name of ["labels", "predicates"] as const)
    if (tables[name].some((number) => number < 1))
      throw wrong(`a number below 1 in ${name}`, "1 or more");
  for (let image = 0; image < tables.split.length; image += 1) checkImage(tables, image, wrong);
  checkBoxes(tables.boxes_1024, wrong);
}

function checkBoxes(boxes: Int32Array, wrong: Wrong): void {
  for (const [place, number] of boxes.entries()) {
    if (number > 0 || (number === 0 && place % 4 < 2)) continue;
    const from = place - (place % 4);
    const box = boxes.subarray(from, from + 4).join(", ");
    throw wrong(`the box [${box}]`, "a centre from 0 and a size above 0");
  }
}

function checkLengths(tables: Tables, wrong: Wrong): void {
  const rows = (name: keyof Tables): number => tables[name].length / vg150Layout[name];
  const pairs = [
    ["img_to_first_box", "split"],
    ["img_to_last_box", "split"],
    ["img_to_first_rel", "split"],
    ["img_to_last_rel", "split"],
    ["boxes_1024", "labels"],
    ["relationships", "predicates"],
  ] as const;
  for (const [name, like] of pairs)
    if (rows(name) !== rows(like))
      throw wrong(`${rows(name)} rows of ${name}`, `${rows(like)} as of ${like}`);
}

function checkImage(tables: Tables, image: number, wrong: Wrong): void {
  const [first, last] = [tables.img_to_first_box[image]!, tables.img_to_last_box[image]!];
  const [from, to] = [tables.img_to_first_rel[image]!, tables.img_to_last_rel[image]!];
  if (first >= 0 && (last < first || last >= tables.labels.length))
    throw wrong(`objects ${first} to ${last} of image ${image}`, "rows of labels");
  if (from < 0) return;
  if (to < from || to >= tables.predicates.length)
    throw wrong(`relations ${from} to ${to} of image ${image}`, "rows of predicates");
  for (let place = 2 * from; place < 2 * to + 2; place += 1) {
    const end = tables.relationships[place]!;
    if (first < 0 || end < first || end > last)
      throw wrong(`a relation of image ${image} with object ${end}`, "objects of that image");
  }
}
