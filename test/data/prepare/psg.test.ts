import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Prepared } from "../../../src/data/prepare/prepared.ts";
import { type PsgOptions, readPsg } from "../../../src/data/prepare/psg.ts";
import { plainImage } from "../rows-file.ts";
import { psgFiles, psgJson } from "./psg-files.ts";

const read = (options: PsgOptions): Promise<Prepared> => readPsg(options, () => {});

const relation = (subject: string, predicate: string, object: string) => ({
  subject,
  predicate,
  object,
});

describe("readPsg", () => {
  it("gives every row with its values as psg.json has them", async () => {
    const { folder, ...options } = await psgFiles();
    const [train, test] = (await read(options)).splits;
    const image = (name: string): string => join(folder, "coco", name);
    expect([...train!.rows()]).toEqual([
      {
        image_id: "107902",
        image_path: image("train2017/000000417720.jpg"),
        width: 48,
        height: 64,
        coco_id: 417720,
        objects: [
          { id: "person.1", bbox: [5, 16, 21, 62] },
          { id: "person.2", bbox: [26, 16, 40, 63] },
          { id: "umbrella.3", bbox: [16, 8, 47, 28] },
          { id: "tree-merged.4", bbox: [0, 0, 48, 13] },
          { id: "grass-merged.5", bbox: [0, 28.5, 48, 64] },
        ],
        relationships: [
          relation("person.1", "beside", "person.2"),
          relation("person.1", "standing on", "grass-merged.5"),
          relation("person.2", "holding", "umbrella.3"),
          relation("person.1", "looking at", "person.2"),
        ],
      },
      {
        image_id: "3",
        image_path: image("train2017/000000000009.jpg"),
        width: 64,
        height: 48,
        coco_id: 9,
        objects: [{ id: "tree-merged.1", bbox: [0, 0, 64, 20] }],
        relationships: [],
      },
    ]);
    expect([...test!.rows()]).toEqual([
      {
        image_id: "2",
        image_path: image("val2017/000000000139.jpg"),
        width: 64,
        height: 48,
        coco_id: 139,
        objects: [{ id: "person.1", bbox: [1, 2, 64, 48] }], // reached 70 in an image of 64
        relationships: [],
      },
      {
        image_id: "4",
        image_path: image("val2017/000000000285.jpg"),
        width: 64,
        height: 48,
        coco_id: 285,
        objects: [
          { id: "person.1", bbox: [0, 0, 10, 20] },
          { id: "grass-merged.2", bbox: [0, 20, 64, 48] },
        ],
        relationships: [relation("person.1", "standing on", "grass-merged.2")],
      },
    ]);
  });

  it("counts after every filter, beside what is published", async () => {
    const { folder: _, ...options } = await psgFiles();
    const counts = async (change: Partial<PsgOptions>) =>
      (await read({ ...options, ...change })).splits.map(({ counts, paper }) => [paper, ...counts]);
    expect(await counts({})).toEqual([
      [
        46_563,
        { kept: "not listed in test_image_ids", images: 2, relations: 5, published: 46_563 },
        { kept: "each statement once", images: 2, relations: 4 },
      ],
      [
        2186,
        { kept: "listed in test_image_ids", images: 2, relations: 2, published: 2186 },
        { kept: "each statement once", images: 2, relations: 1 },
      ],
    ]);
    expect(await counts({ relations: true, duplicates: "keep", splits: ["test"] })).toEqual([
      [
        2186,
        { kept: "listed in test_image_ids", images: 2, relations: 2, published: 2186 },
        { kept: "with a relation", images: 1, relations: 2, published: 2177 },
      ],
    ]);
  });

  it("draws one relation a pair when asked to", async () => {
    const { folder: _, ...options } = await psgFiles();
    const [train] = (await read({ ...options, duplicates: "pairs" })).splits;
    const [row] = [...train!.rows()];
    expect(row!.relationships).toHaveLength(3);
    expect(["beside", "looking at"]).toContain(row!.relationships[0]!.predicate);
  });

  it("finds the images below a folder images as well", async () => {
    const { folder, ...options } = await psgFiles();
    await mkdir(join(folder, "root"));
    await rename(join(folder, "coco"), join(folder, "root/images"));
    const prepared = await read({ ...options, images: [join(folder, "root")] });
    expect([...prepared.splits[0]!.rows()][0]!.image_path).toBe(
      join(folder, "root/images/train2017/000000417720.jpg"),
    );
  });

  it("counts and names the images that are missing", async () => {
    const { folder, ...options } = await psgFiles();
    await rm(join(folder, "coco/val2017"), { recursive: true });
    await expect(read(options)).rejects.toThrow(
      `Cannot find images in "${join(folder, "coco")}": 2 of 4 missing (val2017/000000000139.jpg, val2017/000000000285.jpg), expected all of them`,
    );
  });

  it("refuses images of another size, for the boxes do not fit them", async () => {
    const { folder, ...options } = await psgFiles();
    const path = await plainImage(join(folder, "coco"), "train2017/000000000009.jpg", [32, 24]);
    await expect(read(options)).rejects.toThrow(
      `Cannot use "${path}": 32 x 24 pixels, expected 64 x 48 as the annotations state`,
    );
    await expect(read({ ...options, sizes: "stated" })).resolves.toBeDefined();
  });

  const first = psgJson().data[0]!;
  const only = { ...psgJson(), test_image_ids: [] };
  const edited = (change: object) => ({ ...only, data: [{ ...first, ...change }] });
  it.each<[string, object, string]>([
    ["no classes", { data: [] }, "thing_classes is wrong"],
    ["no data", { ...psgJson(), data: undefined }, "data is wrong"],
    ["no images", { ...psgJson(), data: [] }, "no images in data, expected some"],
    [
      "two rows with one id",
      { ...only, data: [first, first] },
      'image_id "107902" twice (data.0 and data.1), expected an id of its own',
    ],
    [
      "a test id without an image",
      { ...psgJson(), test_image_ids: ["9"] },
      '"9" in test_image_ids, expected ids of images in data',
    ],
    ["an entry without a size", edited({ width: undefined }), "data.0.width is wrong"],
    [
      "boxes of another kind",
      edited({ annotations: [{ bbox: [1, 2, 3, 4], bbox_mode: 1, category_id: 0 }] }),
      "data.0.annotations.0.bbox_mode is wrong",
    ],
    [
      "as many boxes as not segments",
      edited({ segments_info: [] }),
      "5 annotations at data.0, expected 0 as of segments_info",
    ],
    [
      "a box of another segment",
      edited({ segments_info: first.segments_info.toReversed() }),
      "category_id 0 of annotation 0 at data.0, expected that of its segment",
    ],
    [
      "a relation to no object",
      edited({ relations: [[0, 5, 1]] }),
      "a relation of 0 and 5 at data.0, expected numbers below 5",
    ],
    [
      "a predicate without a name",
      edited({ relations: [[0, 1, 56]] }),
      "the predicate 56 at data.0, expected a number below 56",
    ],
    [
      "an object without a name",
      { ...edited({}), stuff_classes: ["banner"] },
      "category_id 116 at data.0, expected a number below 81",
    ],
  ])("refuses %s", async (_, json, message) => {
    const options = await psgFiles(json);
    await expect(read(options)).rejects.toThrow(`Cannot use "${options.psg}": ${message}`);
  });

  it("says of a missing or broken file what it is", async () => {
    const { folder, ...options } = await psgFiles(JSON.stringify(psgJson()).slice(0, 900));
    await expect(read(options)).rejects.toThrow(/^Cannot use ".*psg.json": broken JSON /);
    const absent = join(folder, "absent.json");
    await expect(read({ ...options, psg: absent })).rejects.toThrow(
      `Cannot read "${absent}": no such file, expected psg.json`,
    );
  });

  it("says when the names are not those of PSG", async () => {
    const json = psgJson();
    const { folder: _, ...options } = await psgFiles({
      ...json,
      predicate_classes: json.predicate_classes.with(0, "hovering over"),
    });
    expect((await read(options)).notes).toEqual([
      "The 56 predicates are not the 56 of PSG (hovering over)",
    ]);
  });
});
