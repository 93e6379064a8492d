import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCocoIds } from "../../src/data/coco-ids.ts";
import { temporaryFolder } from "./rows-file.ts";

async function file(value: unknown): Promise<string> {
  const path = join(await temporaryFolder(), "ids.json");
  await writeFile(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

describe("readCocoIds", () => {
  it("reads image_data.json of Visual Genome", async () => {
    const path = await file([
      { image_id: 1, coco_id: null, width: 800 },
      { image_id: 61512, coco_id: 417720 },
    ]);
    expect(await readCocoIds(path)).toEqual({
      ...{ dataset: "vg150", ids: new Map([["61512", 417720]]) },
    });
  });

  it("reads psg.json by the names of its files", async () => {
    const images = [
      { image_id: "107902", file_name: "train2017/000000417720.jpg", relations: [[0, 1, 2]] },
      { image_id: 3, file_name: "val2017/000000000139.jpg" },
      { image_id: 4, file_name: "mine.jpg" },
    ];
    const path = await file({ thing_classes: ["person"], data: images, test_image_ids: [] });
    const ids = new Map([
      ["107902", 417720],
      ["3", 139],
    ]);
    expect(await readCocoIds(path)).toEqual({ dataset: "psg", ids });
  });

  it.each([
    ["a list without numbers", [{ image_id: 1 }], "no coco_id"],
    ["an object without images", { data: [] }, "no file_name of COCO in data"],
    ["broken JSON", "[1,", "broken JSON"],
  ])("refuses %s", async (_, value, found) => {
    const path = await file(value);
    await expect(readCocoIds(path)).rejects.toThrow(`Cannot use "${path}": ${found}`);
  });

  it("says that a file is not there", async () => {
    await expect(readCocoIds("/nowhere.json")).rejects.toThrow(
      'Cannot read "/nowhere.json": no such file, expected image_data.json of Visual Genome, or psg.json',
    );
  });
});
