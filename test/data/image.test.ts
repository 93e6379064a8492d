import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { imageDataUrl, thumbnail } from "../../src/data/image.ts";
import { plainImage, temporaryFolder } from "./rows-file.ts";

const bytesOf = (dataUrl: string) => Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");

describe("imageDataUrl", () => {
  it.each([
    ["x.jpg", "image/jpeg"],
    ["x.png", "image/png"],
    ["x.webp", "image/webp"],
  ])("carries %s byte for byte as %s", async (name, mime) => {
    const path = await plainImage(await temporaryFolder(), name, [40, 30]);
    const url = await imageDataUrl(path);
    expect(url.split(",")[0]).toBe(`data:${mime};base64`);
    expect(bytesOf(url)).toEqual(await readFile(path));
  });

  it("goes by what is in the file, not by its name", async () => {
    const folder = await temporaryFolder();
    await sharp({ create: { width: 4, height: 3, channels: 3, background: "red" } })
      .png()
      .toFile(join(folder, "x.jpg"));
    expect(await imageDataUrl(join(folder, "x.jpg"))).toMatch(/^data:image\/png;/);
  });

  it("names the file that it cannot read", async () => {
    await expect(imageDataUrl("no.png")).rejects.toThrow(
      'Cannot read "no.png": no such file, expected an image',
    );
  });
});

describe("thumbnail", () => {
  it("is a JPEG whose longer side is as asked, in the image's proportions", async () => {
    const path = await plainImage(await temporaryFolder(), "x.png", [400, 300]);
    const url = await thumbnail(path, 100);
    expect(url).toMatch(/^data:image\/jpeg;base64,/);
    const { format, width, height } = await sharp(bytesOf(url)).metadata();
    expect([format, width, height]).toEqual(["jpeg", 100, 75]);
  });

  it("does not enlarge", async () => {
    const path = await plainImage(await temporaryFolder(), "x.png", [40, 30]);
    expect(await sharp(bytesOf(await thumbnail(path, 100))).metadata()).toMatchObject({
      width: 40,
    });
  });

  it("puts white behind what is transparent", async () => {
    const path = join(await temporaryFolder(), "x.png");
    await sharp({ create: { width: 8, height: 8, channels: 4, background: "#00000000" } }).toFile(
      path,
    );
    const pixels = await sharp(bytesOf(await thumbnail(path, 8)))
      .raw()
      .toBuffer();
    expect(Math.min(...pixels)).toBeGreaterThan(250);
  });
});
