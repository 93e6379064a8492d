import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Prepared } from "../../../src/data/prepare/prepared.ts";
import { readVg150, type Vg150Options } from "../../../src/data/prepare/vg150.ts";
import { annotated, editJson, vg150Files } from "./vg150-files.ts";

const read = (options: Vg150Options): Promise<Prepared> => readVg150(options, () => {});

const rowsOf = (prepared: Prepared, split: string) => [
  ...prepared.splits.find(({ name }) => name === split)!.rows(),
];

const countsOf = (prepared: Prepared, split: string) =>
  prepared.splits
    .find(({ name }) => name === split)!
    .counts.map(({ kept, images, relations }) => [images, relations, kept]);

const relation = (subject: string, predicate: string, object: string) => ({
  subject,
  predicate,
  object,
});

describe("readVg150", () => {
  it("gives every row with its values as they follow from the annotations", async () => {
    const { folder, ...options } = await vg150Files();
    const prepared = await read(options);
    // Boxes worked by hand: centre and size of the file, corners, times longest side / 1024.
    expect(rowsOf(prepared, "val")).toEqual([
      {
        image_id: "1",
        image_path: join(folder, "images/VG_100K/1.jpg"),
        width: 800,
        height: 600,
        objects: [
          { id: "clock.1", bbox: [420, 90, 499, 429] },
          { id: "man.2", bbox: [236, 248, 296, 510] },
          { id: "shirt.3", bbox: [240, 288, 299, 389] },
        ],
        relationships: [
          relation("man.2", "wearing", "shirt.3"),
          relation("shirt.3", "on", "man.2"),
          relation("man.2", "wearing", "shirt.3"),
        ],
      },
      {
        image_id: "5",
        image_path: join(folder, "images/VG_100K/5.jpg"),
        width: 640,
        height: 480,
        objects: [
          { id: "cup.1", bbox: [10, 20, 40, 60] },
          { id: "table.2", bbox: [0, 40, 640, 480] },
        ],
        relationships: [relation("cup.1", "on", "table.2")],
      },
    ]);
    const train = rowsOf(prepared, "train");
    expect(train.map(({ image_id }) => image_id)).toEqual(["7", "9", "10", "11"]);
    expect(train.map(({ objects }) => objects)).toEqual([
      [
        { id: "woman.1", bbox: [100, 50, 300, 450] },
        { id: "hat.2", bbox: [150, 30, 230, 90] },
        { id: "kite.3", bbox: [800, 10, 900, 100] },
        { id: "woman.4", bbox: [499, 59, 650, 460] },
      ],
      [
        { id: "building.1", bbox: [0, 0, 300, 900] },
        { id: "window.2", bbox: [279, 800, 300, 900] }, // drawn to 320 in an image of 300
      ],
      [
        { id: "box.1", bbox: [100, 100, 200, 200] },
        { id: "bag.2", bbox: [200, 100, 250, 200] },
        { id: "book.3", bbox: [251, 100, 301, 200] },
      ],
      [
        { id: "giraffe.1", bbox: [998, 100, 1332, 877] },
        { id: "fence.2", bbox: [2, 498, 1998, 801] },
      ],
    ]);
    expect(train.map(({ relationships }) => relationships)).toEqual([
      [
        relation("woman.1", "wearing", "hat.2"),
        relation("woman.1", "wears", "hat.2"),
        relation("hat.2", "on", "woman.1"),
      ],
      [relation("window.2", "on", "building.1")],
      [relation("box.1", "near", "bag.2")], // a common edge; between bag and book lies a gap
      [relation("giraffe.1", "behind", "fence.2")],
    ]);
    expect(
      rowsOf(prepared, "test").map(({ image_id, relationships }) => [image_id, relationships]),
    ).toEqual([
      [
        "6",
        [
          relation("dog.1", "walking on", "street.2"),
          relation("dog.1", "walking on", "street.2"),
          relation("dog.1", "on", "street.2"),
        ],
      ],
    ]);
  });

  it("counts images and relations after every filter, in the order of public code", async () => {
    const { folder: _, ...options } = await vg150Files();
    const prepared = await read(options);
    expect(countsOf(prepared, "train")).toEqual([
      [9, 15, "in split 0 of the file"],
      [8, 15, "with an object"],
      [8, 15, "not corrupt"],
      [7, 15, "with a relation"],
      [5, 11, "after the first 2"],
      [4, 7, "with boxes that touch"],
      [4, 6, "each statement once"],
    ]);
    expect(countsOf(prepared, "val").at(-1)).toEqual([2, 4, "the first 2"]);
    expect(countsOf(prepared, "test")).toEqual([
      [1, 3, "in split 2 of the file"],
      [1, 3, "with an object"],
      [1, 3, "not corrupt"],
      [1, 3, "with a relation"],
    ]);
  });

  it.each([
    ["relations", { relations: false }, ["7", "8", "9", "10", "11"]],
    ["overlap", { overlap: false }, ["7", "8", "9", "10", "11"]],
    ["validation", { validation: 0 }, ["1", "5", "7", "9", "10", "11"]],
  ])("leaves out the filter of %s when told so", async (_, change, ids) => {
    const { folder: __, filters, ...options } = await vg150Files();
    const prepared = await read({ ...options, filters: { ...filters, ...change } });
    // Without `relations`, images 3 (no relation) and 1 are the validation images.
    const expected = "relations" in change ? ["5", ...ids] : ids;
    expect(rowsOf(prepared, "train").map(({ image_id }) => image_id)).toEqual(expected);
  });

  it.each([
    ["keep", ["wearing", "wears", "wearing", "on"]],
    ["triplets", ["wearing", "wears", "on"]],
  ] as const)(
    "with duplicates %s keeps of image 7 what that means",
    async (duplicates, predicates) => {
      const { folder: _, ...options } = await vg150Files();
      const [row] = rowsOf(await read({ ...options, duplicates }), "train");
      expect(row!.relationships.map(({ predicate }) => predicate)).toEqual(predicates);
    },
  );

  it("with duplicates pairs draws one relation a pair, the same for the same seed", async () => {
    const { folder: _, ...options } = await vg150Files();
    const drawn = async (seed: number) => {
      const filters = { ...options.filters, seed };
      const [row] = rowsOf(await read({ ...options, filters, duplicates: "pairs" }), "train");
      return row!.relationships.map(({ predicate }) => predicate);
    };
    expect(await drawn(1)).toEqual(await drawn(1));
    const all = await Promise.all(Array.from({ length: 12 }, (_, seed) => drawn(seed)));
    expect(new Set(all.map(String))).toEqual(new Set(["wearing,on", "wears,on"]));
  });

  it("uses the image's own size where image_data.json states another, and says so", async () => {
    const { folder: _, ...options } = await vg150Files();
    const right = rowsOf(await read(options), "train");
    await editJson<{ image_id: number; width: number; height: number }[]>(
      options.imageData,
      (list) =>
        list.map((image) => (image.image_id === 9 ? { ...image, width: 900, height: 300 } : image)),
    );
    const prepared = await read(options);
    expect(rowsOf(prepared, "train")).toEqual(right);
    expect(prepared.notes).toEqual([
      "1 image is not of the size that the annotations state: the image's own is used",
    ]);
    const believed = rowsOf(await read({ ...options, sizes: "stated" }), "train");
    expect(believed[1]).toMatchObject({ image_id: "9", width: 900, height: 300 });
  });

  it("keeps the number of an image in COCO, where it has one", async () => {
    const { folder: _, ...options } = await vg150Files();
    await editJson<{ image_id: number }[]>(options.imageData, (list) =>
      list.map((image) => (image.image_id === 9 ? { ...image, coco_id: 417720 } : image)),
    );
    const train = rowsOf(await read(options), "train");
    expect(train.map(({ image_id, coco_id }) => [image_id, coco_id])).toEqual([
      ["7", undefined],
      ["9", 417720],
      ["10", undefined],
      ["11", undefined],
    ]);
  });

  it("tells of images that EXIF turns", async () => {
    const { folder, ...options } = await vg150Files();
    const path = join(folder, "images/VG_100K/1.jpg");
    const image = sharp({ create: { width: 800, height: 600, channels: 3, background: "#fff" } });
    await writeFile(path, await image.withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect((await read(options)).notes).toEqual([
      "1 image is turned by EXIF: `r1sgg data check` refuses them, for boxes fit one way only",
    ]);
  });

  it("leaves boxes as they come out when asked to", async () => {
    const { folder: _, ...options } = await vg150Files();
    const [row] = rowsOf(await read({ ...options, boxes: "exact" }), "val");
    expect(row!.objects[0]!.bbox).toEqual([419.53125, 89.84375, 499.21875, 428.90625]);
  });

  it("says when the names are not those of VG150", async () => {
    const { folder: _, ...options } = await vg150Files();
    await editJson<{ label_to_idx: Record<string, number> }>(options.dicts, (dicts) => {
      const { man, ...others } = dicts.label_to_idx;
      return { ...dicts, label_to_idx: { ...others, human: man } };
    });
    expect((await read(options)).notes).toEqual([
      "The 150 objects are not the 150 of VG150 (human)",
    ]);
  });

  it("keeps the published numbers for the published filters", async () => {
    const { folder: _, ...options } = await vg150Files();
    const usual = await read({ ...options, filters: { ...options.filters, validation: 5000 } });
    const [train, val] = usual.splits;
    expect(train!.counts.map(({ published }) => published)).toEqual([
      75_651,
      undefined,
      undefined,
      62_723,
      57_723,
      undefined,
      undefined,
    ]);
    expect([train!.paper, val!.paper, usual.splits[2]!.paper]).toEqual([56_224, 5000, undefined]);
    const other = await read(options);
    expect(other.splits[0]!.counts.every(({ published }) => published === undefined)).toBe(true);
  });

  it("takes image_data.json with the corrupt images and without them", async () => {
    const { folder: _, ...options } = await vg150Files();
    const rows = rowsOf(await read(options), "train");
    await editJson<{ image_id: number }[]>(options.imageData, (list) =>
      list.filter(({ image_id }) => image_id !== 1592),
    );
    expect(rowsOf(await read(options), "train")).toEqual(rows);
  });

  it("drops a corrupt image that the annotations have, unless told to keep it", async () => {
    const { folder, ...options } = await vg150Files();
    await editJson<{ image_id: number }[]>(options.imageData, (list) =>
      list
        .filter(({ image_id }) => image_id !== 1592)
        .map((image) => (image.image_id === 9 ? { ...image, image_id: 4616 } : image)),
    );
    await rename(join(folder, "images/VG_100K/9.jpg"), join(folder, "images/VG_100K/4616.jpg"));
    const ids = async (corrupt: boolean) => {
      const prepared = await read({ ...options, filters: { ...options.filters, corrupt } });
      return rowsOf(prepared, "train").map(({ image_id }) => image_id);
    };
    expect(await ids(true)).toEqual(["7", "10", "11"]);
    expect(await ids(false)).toEqual(["7", "4616", "10", "11"]);
  });

  it("counts and names the images that are missing", async () => {
    const { folder, ...options } = await vg150Files();
    await rm(join(folder, "images/VG_100K"), { recursive: true });
    await expect(read(options)).rejects.toThrow(
      `Cannot find images in "${join(folder, "images")}": 5 of 7 missing (7.jpg, 9.jpg, 11.jpg, 1.jpg, 5.jpg), expected all of them`,
    );
    const gone = join(folder, "gone");
    await expect(read({ ...options, images: [gone] })).rejects.toThrow(
      `Cannot read "${gone}": no such folder, expected a folder of images`,
    );
  });

  it("holds what annotators drew, to two units of the file and a rounding", async () => {
    const { folder: _, ...options } = await vg150Files();
    const prepared = await read({
      ...options,
      filters: { ...options.filters, overlap: false, relations: false },
    });
    const drawn = new Map((await annotated()).map((image) => [String(image.image_id), image]));
    const rows = prepared.splits.flatMap(({ rows }) => [...rows()]);
    expect(rows).toHaveLength(9); // all but the one without an object
    for (const { image_id, width, height, objects } of rows) {
      const image = drawn.get(image_id)!;
      for (const [index, [name, x, y, w, h]] of image.objects.entries()) {
        expect(objects[index]!.id).toBe(`${name}.${index + 1}`);
        const [x1, y1, x2, y2] = objects[index]!.bbox;
        const off = [
          x1 - (x - 1),
          y1 - (y - 1),
          x2 - Math.min(x - 1 + w, width),
          y2 - Math.min(y - 1 + h, height),
        ];
        const pixels = (2 * Math.max(width, height)) / 1024 + 0.5;
        expect(Math.max(...off.map(Math.abs)), `${name} of ${image_id}`).toBeLessThanOrEqual(
          pixels,
        );
      }
    }
  });
});
