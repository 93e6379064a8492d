import { describe, expect, it } from "vitest";
import { readVg150Annotations } from "../../../src/data/prepare/vg150-annotations.ts";
import { type Table, writeHdf5 } from "./write-hdf5.ts";

const list = (...numbers: readonly number[]): Table => ({
  data: Int32Array.from(numbers),
  shape: [numbers.length],
});
const wide = (...numbers: readonly number[]): Table => ({
  data: BigInt64Array.from(numbers, BigInt),
  shape: [numbers.length, 1],
});

/** Two images in the kinds of numbers of the published file: one with two objects, one with none. */
const tables = {
  split: list(0, 2),
  labels: wide(3, 7),
  boxes_1024: { data: Int32Array.of(10, 20, 7, 8, 1, 0, 3, 1), shape: [2, 4] },
  img_to_first_box: list(0, -1),
  img_to_last_box: list(1, -1),
  predicates: wide(5),
  relationships: { data: Int32Array.of(1, 0), shape: [1, 2] },
  img_to_first_rel: list(0, -1),
  img_to_last_rel: list(0, -1),
} satisfies Record<string, Table>;

const read = async (change: Readonly<Record<string, Table>> = {}) =>
  readVg150Annotations(await writeHdf5("VG-SGG.h5", { ...tables, ...change }));

describe("readVg150Annotations", () => {
  it("gives the objects, boxes and relations of an image", async () => {
    const annotations = await read();
    expect([annotations.images, annotations.highest]).toEqual([2, { label: 7, predicate: 5 }]);
    expect([...annotations.labels(0)]).toEqual([3, 7]);
    // 10 - 7 / 2 = 6.5 is cut to 6; 1 - 3 / 2 = -0.5 towards 0
    expect([annotations.box(0, 0), annotations.box(0, 1)]).toEqual([
      [6, 16, 13, 24],
      [0, 0, 3, 1],
    ]);
    expect(annotations.relations(0)).toEqual([{ subject: 1, predicate: 5, object: 0 }]);
    expect([annotations.objectCount(1), annotations.relationCount(1)]).toEqual([0, 0]);
    expect([[...annotations.labels(1)], annotations.relations(1)]).toEqual([[], []]);
  });

  it.each<[string, Record<string, Table>, string]>([
    [
      "a table that is too short",
      { img_to_last_rel: list(0) },
      "1 rows of img_to_last_rel, expected 2 as of split",
    ],
    [
      "objects out of range",
      { img_to_last_box: list(2, -1) },
      "objects 0 to 2 of image 0, expected rows of labels",
    ],
    [
      "relations out of range",
      { img_to_last_rel: list(1, -1) },
      "relations 0 to 1 of image 0, expected rows of predicates",
    ],
    [
      "a relation to another image's object",
      { img_to_first_box: list(0, 1), img_to_last_box: list(0, 1) },
      "a relation of image 0 with object 1, expected objects of that image",
    ],
    [
      "a label that is the background",
      { labels: wide(0, 7) },
      "a number below 1 in labels, expected 1 or more",
    ],
    [
      "a box without width",
      { boxes_1024: { data: Int32Array.of(10, 20, 7, 8, 1, 1, 0, 1), shape: [2, 4] } },
      "the box [1, 1, 0, 1], expected a centre from 0 and a size above 0",
    ],
  ])("refuses %s", async (_, change, message) => {
    await expect(read(change)).rejects.toThrow(`": ${message}`);
  });
});
