import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import { readVg150Names } from "../../../src/data/prepare/vg150-dicts.ts";
import { readVg150Images } from "../../../src/data/prepare/vg150-images.ts";
import { rowsFile, temporaryFolder } from "../rows-file.ts";
import { fixture } from "./vg150-files.ts";

const jsonFile = async (value: unknown): Promise<string> =>
  rowsFile(await temporaryFolder(), [JSON.stringify(value)]);

describe("readVg150Names", () => {
  const highest = { label: 2, predicate: 1 };
  const good = { label_to_idx: { cup: 2, arm: 1 }, predicate_to_idx: { on: 1 } };

  it("gives the names of the published file in the official order", async () => {
    const path = fixture("VG-SGG-dicts-with-attri.json");
    expect(await readVg150Names(path, { label: 150, predicate: 50 })).toEqual(vg150);
    const { objects, predicates } = vg150;
    expect([objects.length, objects[0], objects[77], objects[149]]).toEqual([
      150,
      "airplane",
      "man",
      "zebra",
    ]);
    expect([predicates.length, predicates[0], predicates[30], predicates[49]]).toEqual([
      50,
      "above",
      "on",
      "with",
    ]);
  });

  it("puts names into the order of their numbers", async () => {
    expect(await readVg150Names(await jsonFile(good), highest)).toEqual({
      objects: ["arm", "cup"],
      predicates: ["on"],
    });
  });

  it.each([
    [
      "a number left out",
      { ...good, label_to_idx: { arm: 1, cup: 3 } },
      'label_to_idx gives "cup" the number 3, expected 2',
    ],
    [
      "a number shared",
      { ...good, label_to_idx: { arm: 1, cup: 1 } },
      'label_to_idx gives "cup" the number 1, expected 2',
    ],
    [
      "too few names",
      { ...good, label_to_idx: { arm: 1 } },
      "1 names in label_to_idx, expected one for number 2, which the annotations use",
    ],
    [
      "another layout",
      { label_to_idx: {} },
      "no numbers at predicate_to_idx, expected label_to_idx and predicate_to_idx",
    ],
  ])("refuses %s", async (_, dicts, message) => {
    const path = await jsonFile(dicts);
    await expect(readVg150Names(path, highest)).rejects.toThrow(`Cannot use "${path}": ${message}`);
  });

  it("says of a missing or broken file what it is", async () => {
    const absent = join(await temporaryFolder(), "x.json");
    await expect(readVg150Names(absent, highest)).rejects.toThrow(
      `Cannot read "${absent}": no such file, expected VG-SGG-dicts.json`,
    );
    const broken = await rowsFile(await temporaryFolder(), ['{"label_to_idx": {']);
    await expect(readVg150Names(broken, highest)).rejects.toThrow(
      /^Cannot use ".*": broken JSON \(/,
    );
  });
});

describe("readVg150Images", () => {
  const image = (image_id: number) => ({ image_id, width: 4, height: 3, url: "", coco_id: null });

  it("leaves out the corrupt images where the counts agree only then", async () => {
    const path = await jsonFile([image(1591), image(1592), image(1593), image(4617)]);
    expect((await readVg150Images(path, 2)).map(({ id }) => id)).toEqual([1591, 1593]);
    expect((await readVg150Images(path, 4)).map(({ id }) => id)).toEqual([1591, 1592, 1593, 4617]);
    await expect(readVg150Images(path, 3)).rejects.toThrow(
      `Cannot use "${path}": 4 images (2 without the corrupt ones), expected 3 as in the annotations`,
    );
  });

  it.each([
    [
      "two images with one id",
      [image(5), image(6), image(5)],
      "image_id 5 twice (entries 0 and 2), expected an id of its own",
    ],
    [
      "an entry that is no image",
      [image(5), { id: 6 }],
      "no image at entry 1, expected image_id, width, height, and coco_id",
    ],
    ["what is no list", { data: [] }, "no list, expected a list of images"],
  ])("refuses %s", async (_, list, message) => {
    const path = await jsonFile(list);
    await expect(readVg150Images(path, 3)).rejects.toThrow(`Cannot use "${path}": ${message}`);
  });
});
