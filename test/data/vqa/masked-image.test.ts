import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageMasker, maskedImage } from "../../../src/data/vqa/masked-image.ts";

const folder = mkdtempSync(join(tmpdir(), "r1sgg-vqa-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "grey.png");
const grey = { r: 100, g: 150, b: 200 };
const asked = {
  image_id: "1",
  subject: { name: "man", bbox: [2, 3, 5, 6] },
  object: { name: "sky", bbox: [-4, 7.5, 9.2, 40] },
} as const;

beforeAll(async () => {
  await sharp({ create: { width: 12, height: 10, channels: 3, background: grey } })
    .png()
    .toFile(path);
});

const pixels = async (png: Buffer) => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([12, 10, 3]);
  return (x: number, y: number) => [...data.subarray((y * 12 + x) * 3, (y * 12 + x) * 3 + 3)];
};

test("no mask is no new image", async () => {
  expect(await maskedImage(path, asked, "none", 0)).toBeNull();
});

test("the boxes are black to the pixels they touch, within the image, the rest as it was", async () => {
  const at = await pixels((await maskedImage(path, asked, "objects", 0))!);
  for (let y = 0; y < 10; y += 1) {
    for (let x = 0; x < 12; x += 1) {
      const inMan = x >= 2 && x < 5 && y >= 3 && y < 6;
      const inSky = x < 10 && y >= 7;
      expect([x, y, ...at(x, y)]).toEqual(
        inMan || inSky ? [x, y, 0, 0, 0] : [x, y, grey.r, grey.g, grey.b],
      );
    }
  }
});

test("a box outside the image masks nothing", async () => {
  const away = { ...asked, subject: { name: "man", bbox: [20, 20, 30, 30] as const } };
  const at = await pixels((await maskedImage(path, away, "objects", 0))!);
  expect(at(3, 4)).toEqual([grey.r, grey.g, grey.b]);
  expect(at(3, 8)).toEqual([0, 0, 0]);
});

test("noise is even, of the image's size, the same by seed and image alone", async () => {
  const large = join(folder, "large.png");
  await sharp({ create: { width: 200, height: 100, channels: 3, background: grey } })
    .png()
    .toFile(large);
  const draw = async (image_id: string, seed: number) =>
    sharp((await maskedImage(large, { ...asked, image_id }, "image", seed))!)
      .raw()
      .toBuffer();
  const noise = await draw("1", 0);
  expect(noise.length).toBe(200 * 100 * 3);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  expect(Math.abs(mean - 127.5)).toBeLessThan(1.5); // deviation 73.9 / sqrt(60000) = 0.3
  expect(new Set(noise).size).toBe(256);
  expect(noise.equals(await draw("1", 0))).toBe(true);
  expect(noise.equals(await draw("2", 0))).toBe(false);
  expect(noise.equals(await draw("1", 1))).toBe(false);
});

test("the noise of an image is drawn once for its questions, and is the same as alone", async () => {
  const masked = imageMasker(7);
  const of = (image_id: string) => ({ ...asked, image_id });
  const [first, again] = [masked(path, of("1"), "image"), masked(path, of("1"), "image")];
  expect(await again).toBe(await first); // the very same buffer
  expect(await first).toEqual(await maskedImage(path, of("1"), "image", 7));
  expect(await masked(path, of("2"), "image")).toEqual(
    await maskedImage(path, of("2"), "image", 7),
  );
  const other = { ...asked, subject: { name: "man", bbox: [0, 0, 1, 1] as const } };
  expect(await masked(path, other, "objects")).not.toEqual(await masked(path, asked, "objects"));
});

test("a file that is no image is said", async () => {
  await expect(maskedImage(join(folder, "none.png"), asked, "image", 0)).rejects.toThrow(
    `Cannot mask "${join(folder, "none.png")}": no such file, expected an image`,
  );
});
