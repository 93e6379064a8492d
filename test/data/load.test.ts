import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { faultText } from "../../src/data/fault.ts";
import { checkDataset, loadDataset } from "../../src/data/load.ts";
import { SggError } from "../../src/errors.ts";
import { plainImage, rowsFile, temporaryFolder } from "./rows-file.ts";

const row = {
  image_id: "a",
  width: 40,
  height: 30,
  objects: [
    { id: "cup.1", bbox: [0, 0, 10, 10] },
    { id: "table.2", bbox: [0, 10, 40, 30] },
  ],
  relationships: [{ subject: "cup.1", predicate: "on", object: "table.2" }],
};

/** The faults of rows that state their size and have no image, as lines of text. */
async function faultsOf(...lines: readonly unknown[]): Promise<readonly string[]> {
  const path = await rowsFile(await temporaryFolder(), lines);
  return (await checkDataset(path, { images: false })).faults.map(faultText);
}

describe("loadDataset", () => {
  it("gives the rows with their boxes, and absolute paths of the images", async () => {
    const folder = await temporaryFolder();
    const image = await plainImage(folder, "photo.jpg", [40, 30]);
    const path = await rowsFile(folder, [{ ...row, image_path: "photo.jpg" }]);
    expect(await loadDataset(path)).toEqual([{ ...row, image_path: image }]);
  });

  it("reads real photographs' rows: folders, fields of other people, two rows of one image", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "vg/images"), { recursive: true });
    const image = await plainImage(folder, "vg/images/1.jpg", [800, 600]);
    const real = {
      image_id: "vg_1_raw",
      image_path: "vg/images/1.jpg",
      width: 800,
      height: 600,
      objects: [
        { id: "clock.1", bbox: [421, 91, 500, 430] },
        { id: "car.1", bbox: [479, 315, 553, 413] },
        { id: "car.2", bbox: [706, 340.5, 800, 600] },
      ],
      relationships: [{ subject: "car.1", predicate: "parked on", object: "clock.1" }],
      classes: "VG150",
      licence: "CC BY 4.0",
    };
    const path = await rowsFile(folder, [real, { ...real, image_id: "vg_1_vg150" }]);
    const rows = await loadDataset(path);
    expect(rows.map(({ image_id, image_path }) => [image_id, image_path])).toEqual([
      ["vg_1_raw", image],
      ["vg_1_vg150", image],
    ]);
    expect(rows[0]).not.toHaveProperty("licence");
  });

  it("takes objects and relationships that are JSON strings", async () => {
    const folder = await temporaryFolder();
    const strings = {
      ...row,
      objects: JSON.stringify(row.objects),
      relationships: JSON.stringify(row.relationships),
    };
    const path = await rowsFile(folder, [strings]);
    expect(await loadDataset(path, { images: false })).toEqual([row]);
  });

  it("takes a size that is not stated from the image", async () => {
    const folder = await temporaryFolder();
    await plainImage(folder, "x.png", [40, 30]);
    const { width: _, height: __, ...bare } = row;
    const path = await rowsFile(folder, [{ ...bare, image: "x.png" }]);
    for (const images of [true, false]) {
      const [first] = await loadDataset(path, { images });
      expect(first).toMatchObject({ width: 40, height: 30, image_path: join(folder, "x.png") });
    }
  });

  it("keeps the prompts that a dataset brings", async () => {
    const path = await rowsFile(await temporaryFolder(), [{ ...row, prompt_close: "Say it" }]);
    expect((await loadDataset(path, { images: false }))[0]?.prompt_close).toBe("Say it");
  });

  it("finds the .jsonl file of a folder, and refuses to guess between two", async () => {
    const folder = await temporaryFolder();
    await expect(loadDataset(folder)).rejects.toThrow("a folder without a .jsonl file, expected");
    await rowsFile(folder, [row]);
    expect(await loadDataset(folder, { images: false })).toHaveLength(1);
    await writeFile(join(folder, "more.jsonl"), "");
    await expect(loadDataset(folder)).rejects.toThrow("several (more.jsonl, rows.jsonl)");
  });

  it("keeps the order of many rows, and what JSON allows in a line", async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `image\u2028 ${index}`);
    const lines = ids.flatMap((image_id) => [{ ...row, image_id }, ""]);
    const path = await rowsFile(await temporaryFolder(), lines);
    await writeFile(path, `\uFEFF${await readFile(path, "utf8")}`.trimEnd());
    const rows = await loadDataset(path, { images: false });
    expect(rows.map(({ image_id }) => image_id)).toEqual(ids);
  });

  it("lists the first twenty faults and says how many there are", async () => {
    const lines = Array.from({ length: 25 }, (_, index) => ({ ...row, image_id: index }));
    const path = await rowsFile(await temporaryFolder(), lines);
    const error = await loadDataset(path, { images: false }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SggError);
    const { code, message } = error as SggError;
    expect(code).toBe("DATA");
    expect(message.split("\n")).toHaveLength(22);
    expect(message).toContain(
      `Cannot load "${path}": 25 faults, expected none\n  line 1, image_id: 0,`,
    );
    expect(message).toMatch(/\n {2}and 5 more$/);
  });

  it("says what is there instead of a dataset", async () => {
    const folder = await temporaryFolder();
    await expect(loadDataset(join(folder, "no.jsonl"))).rejects.toThrow(
      /no\.jsonl": nothing there/,
    );
    await writeFile(join(folder, "x.parquet"), "");
    await expect(loadDataset(join(folder, "x.parquet"))).rejects.toThrow("another kind of file");
  });
});

describe("a fault names its line, image, field, what is there and what belongs there", () => {
  it("of a line that is broken JSON, and goes on behind it", async () => {
    const [broken, after] = await faultsOf(row, '{"image_id": "b", ', { ...row, image_id: 7 });
    expect(broken).toMatch(/^line 2: broken JSON \(.+\), expected one JSON object a line$/);
    expect(after).toBe("line 3, image_id: 7, expected a string");
  });

  it("of an empty file", async () => {
    expect(await faultsOf()).toEqual(["file: no rows, expected at least one"]);
  });

  it("of an id that was there before, also where the row has other faults", async () => {
    const faults = await faultsOf(row, row, { ...row, objects: [] });
    expect(faults[0]).toBe(
      'line 2 (image_id "a"), image_id: the id of line 1 again, expected an id of its own',
    );
    expect(faults[1]).toContain('line 3 (image_id "a"), image_id: the id of line 1 again');
  });

  it.each([
    ["three numbers", [1, 2, 3], "objects[0].bbox: [1,2,3], expected four finite numbers"],
    ["five numbers", [1, 2, 3, 4, 5], "objects[0].bbox: [1,2,3,4,5], expected four finite numbers"],
    ["a number as text", [1, 2, "3", 4], 'objects[0].bbox[2]: "3", expected a finite number'],
    ["no list", 4, "objects[0].bbox: 4, expected four finite numbers"],
    [
      "a box upside down",
      [1, 9, 3, 4],
      "objects[0].bbox: [1,9,3,4], expected x1 <= x2 and y1 <= y2",
    ],
    [
      "a box out of order",
      [9, 1, 3, 4],
      "objects[0].bbox: [9,1,3,4], expected x1 <= x2 and y1 <= y2",
    ],
    [
      "a box too wide",
      [0, 0, 40.5, 4],
      "objects[0].bbox: [0,0,40.5,4], expected a box inside the image (40 x 30)",
    ],
    [
      "a box too deep",
      [0, 0, 4, 31],
      "objects[0].bbox: [0,0,4,31], expected a box inside the image (40 x 30)",
    ],
    [
      "a box left of it",
      [-1, 0, 4, 3],
      "objects[0].bbox: [-1,0,4,3], expected a box inside the image (40 x 30)",
    ],
    [
      "a box above it",
      [0, -1, 4, 3],
      "objects[0].bbox: [0,-1,4,3], expected a box inside the image (40 x 30)",
    ],
  ])("of %s", async (_, bbox, expected) => {
    const objects = [{ id: "cup.1", bbox }];
    expect(await faultsOf({ ...row, objects, relationships: [] })).toEqual([
      `line 1 (image_id "a"), ${expected}`,
    ]);
  });

  it("of a number that is not finite", async () => {
    const line = JSON.stringify(row).replace("[0,0,10,10]", "[0,0,1e999,10]");
    expect(await faultsOf(line)).toEqual([
      'line 1 (image_id "a"), objects[0].bbox[2]: Infinity, expected a finite number',
    ]);
  });

  it("of a box that fills the image to its edges: none", async () => {
    const objects = [{ id: "wall.1", bbox: [0, 0, 40, 30] }];
    expect(await faultsOf({ ...row, objects, relationships: [] })).toEqual([]);
  });

  it("of a relation to an unknown id, at either end", async () => {
    const relationships = [{ subject: "cat.9", predicate: "on", object: "cup.2" }];
    expect(await faultsOf({ ...row, relationships })).toEqual([
      'line 1 (image_id "a"), relationships[0].subject: unknown id "cat.9", expected the id of an object of the same row',
      'line 1 (image_id "a"), relationships[0].object: unknown id "cup.2", expected the id of an object of the same row',
    ]);
  });

  it("of an object id that two objects have", async () => {
    const objects = [...row.objects, { id: "cup.1", bbox: [1, 1, 2, 2] }];
    expect(await faultsOf({ ...row, objects })).toEqual([
      'line 1 (image_id "a"), objects[2].id: "cup.1" again, expected an id of its own (objects[0] has it)',
    ]);
  });

  it.each([
    [
      "an id without a number",
      { objects: [{ id: "cup", bbox: [0, 0, 1, 1] }] },
      'objects[0].id: "cup", expected name.number, for example person.1',
    ],
    ["missing objects", { objects: undefined }, "objects: nothing, expected a list"],
    [
      "objects in a broken string",
      { objects: "[{" },
      "objects: broken JSON (Expected property name or '}' in JSON at position 2 (line 1 column 3)), expected a list, or a JSON string of one",
    ],
    [
      "a missing predicate",
      { relationships: [{ subject: "cup.1", object: "cup.1" }] },
      "relationships[0].predicate: nothing, expected a string",
    ],
    [
      "an empty predicate",
      { relationships: [{ subject: "cup.1", predicate: "", object: "cup.1" }] },
      'relationships[0].predicate: "", expected some text',
    ],
    ["a width of nothing", { width: 0 }, "width: 0, expected more than 0"],
    ["a width of text", { width: "40" }, 'width: "40", expected a finite number'],
    [
      "a missing size without an image",
      { width: undefined },
      "image_path: nothing, expected it, or width and height",
    ],
    [
      "an image in the row itself",
      { image: { bytes: "" } },
      'image: {"bytes":""}, expected the path of an image',
    ],
  ])("of %s", async (_, part, expected) => {
    expect(await faultsOf({ ...row, relationships: [], ...part })).toEqual([
      `line 1 (image_id "a"), ${expected}`,
    ]);
  });

  it("of a line that is no object", async () => {
    expect(await faultsOf("[1]")).toEqual(["line 1: [1], expected an object"]);
  });

  it("gathers every fault of every row", async () => {
    const objects = [{ id: "cup.1", bbox: [9, 0, 1, 1] }];
    const faults = await faultsOf({ ...row, objects }, { ...row, image_id: "b", width: 5 });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      'line 1 (image_id "a"), objects[0].bbox',
      'line 1 (image_id "a"), relationships[0].object',
      'line 2 (image_id "b"), objects[0].bbox',
      'line 2 (image_id "b"), objects[1].bbox',
    ]);
  });
});

describe("a fault of an image", () => {
  async function imageFaults(part: object, make: (folder: string) => Promise<unknown>) {
    const folder = await temporaryFolder();
    await make(folder);
    const path = await rowsFile(folder, [{ ...row, image_path: "x.jpg", ...part }]);
    return (await checkDataset(path)).faults.map((fault) =>
      faultText(fault).replace(`${folder}/`, ""),
    );
  }
  const small = (folder: string) => plainImage(folder, "x.jpg", [40, 30]);

  it("says that it is missing", async () => {
    expect(await imageFaults({}, async () => {})).toEqual([
      'line 1 (image_id "a"), image_path: no such file at x.jpg, expected a readable, upright image',
    ]);
    expect(await imageFaults({ image_path: undefined }, async () => {})).toEqual([
      'line 1 (image_id "a"), image_path: nothing, expected the path of an image',
    ]);
  });

  it("says that it is no image", async () => {
    const [fault] = await imageFaults({}, (folder) => writeFile(join(folder, "x.jpg"), "text"));
    expect(fault).toMatch(/image_path: unreadable \(.*unsupported image format.*\) at x\.jpg/);
  });

  it.each(["x.jpg", "x.png", "x.webp"])("says that it is cut off: %s", async (name) => {
    const [fault] = await imageFaults(
      { image_path: name, width: 64, height: 64 },
      async (folder) => {
        const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
        const create = { width: 64, height: 64, channels: 3, background: "grey", noise } as const;
        await sharp({ create }).toFile(join(folder, name));
        const { length } = await readFile(join(folder, name));
        await truncate(join(folder, name), Math.floor(length * 0.6));
      },
    );
    expect(fault).toMatch(/image_path: unreadable \(.+\) at x\.\w+, expected a readable/);
  });

  it("says its real size where another is stated", async () => {
    expect(await imageFaults({ height: 31 }, small)).toEqual([
      'line 1 (image_id "a"), height: 31, expected 30 (the image is 40 x 30)',
    ]);
    expect(await imageFaults({ width: 30, height: 40 }, small)).toHaveLength(2);
  });

  it("says that EXIF turns it", async () => {
    const [fault] = await imageFaults({}, (folder) =>
      sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
        .withMetadata({ orientation: 6 })
        .toFile(join(folder, "x.jpg")),
    );
    expect(fault).toContain("image_path: an image that EXIF turns (orientation 6) at x.jpg");
  });
});
