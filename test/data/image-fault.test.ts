import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { faultText } from "../../src/data/fault.ts";
import { checkDataset } from "../../src/data/load.ts";
import { plainImage, row, rowsFile, temporaryFolder } from "./rows-file.ts";

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

  it("says that it is nothing to be read to its end, and does not wait for it", async () => {
    expect(await imageFaults({ image_path: "/dev/zero" }, async () => {})).toEqual([
      'line 1 (image_id "a"), image_path: unreadable (a device or pipe) at /dev/zero, expected a readable, upright image',
    ]);
    const pipe = (folder: string) => execa("mkfifo", [join(folder, "x.jpg")]);
    expect(await imageFaults({}, pipe)).toEqual([
      'line 1 (image_id "a"), image_path: unreadable (a device or pipe) at x.jpg, expected a readable, upright image',
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
