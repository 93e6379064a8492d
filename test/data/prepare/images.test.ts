import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { locateImages, measureImages } from "../../../src/data/prepare/images.ts";
import { jpegHead } from "../../../src/data/prepare/jpeg-head.ts";
import { plainImage, temporaryFolder } from "../rows-file.ts";

describe("locateImages", () => {
  it("takes the first folder that has an image, and looks into those inside", async () => {
    const [a, b] = [await temporaryFolder(), await temporaryFolder()];
    await mkdir(join(b, "VG_100K"));
    for (const path of [join(a, "1.jpg"), join(b, "1.jpg"), join(b, "VG_100K/2.jpg")])
      await writeFile(path, "");
    const places = await locateImages({ given: [a, b], inside: ["VG_100K"] }, ["2.jpg", "1.jpg"]);
    expect([...places]).toEqual([
      ["2.jpg", join(b, "VG_100K/2.jpg")],
      ["1.jpg", join(a, "1.jpg")],
    ]);
  });

  it("counts all that are missing and names five", async () => {
    const folder = await temporaryFolder();
    const names = ["a", "b", "c", "d", "e", "f", "g"].map((name) => `val2017/${name}.jpg`);
    await expect(locateImages({ given: [folder], inside: [] }, names)).rejects.toThrow(
      `Cannot find images in "${folder}": 7 of 7 missing (val2017/a.jpg, val2017/b.jpg, val2017/c.jpg, val2017/d.jpg, val2017/e.jpg and 2 more), expected all of them`,
    );
  });

  it("refuses a file in place of a folder", async () => {
    const file = await plainImage(await temporaryFolder(), "a.png", [2, 2]);
    await expect(locateImages({ given: [file], inside: [] }, ["b.jpg"])).rejects.toThrow(
      `Cannot read "${file}": a file, expected a folder of images`,
    );
  });
});

describe("measureImages", () => {
  it("gives sizes in the order of the paths, of JPEG and other files", async () => {
    const folder = await temporaryFolder();
    const sizes = Array.from({ length: 40 }, (_, at) => [at + 1, 50 - at] as const);
    const paths = await Promise.all(
      sizes.map((size, at) => plainImage(folder, `${at}.${at % 5 === 0 ? "png" : "jpg"}`, size)),
    );
    const told: number[] = [];
    const measured = await measureImages(paths, (_, done) => told.push(done));
    expect(measured).toEqual(sizes.map(([width, height]) => ({ width, height, turned: false })));
    expect(told).toEqual(sizes.map((_, at) => at + 1));
  });

  it("counts those that are no images", async () => {
    const folder = await temporaryFolder();
    const good = await plainImage(folder, "good.jpg", [3, 4]);
    const bad = join(folder, "bad.jpg");
    await writeFile(bad, "<html>not found</html>");
    await expect(measureImages([good, bad], () => {})).rejects.toThrow(
      `Cannot measure images: 1 of 2 unreadable (${bad} (Input file contains unsupported image format)), expected images`,
    );
  });

  it("stops when it is told to", async () => {
    const path = await plainImage(await temporaryFolder(), "a.jpg", [3, 4]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(measureImages([path], () => {}, signal)).rejects.toThrow("enough");
  });
});

describe("jpegHead", () => {
  it("says what the image library says, with EXIF and profiles, progressive or not", async () => {
    const side = fc.integer({ min: 1, max: 400 });
    const orientation = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        orientation,
        fc.boolean(),
        async (width, height, turn, progressive) => {
          const plain = sharp({ create: { width, height, channels: 3, background: "#123456" } });
          const tagged =
            turn === undefined
              ? plain
              : plain.withIccProfile("p3").withMetadata({ orientation: turn });
          const bytes = await tagged.jpeg({ progressive }).toBuffer();
          const seen = await sharp(bytes).metadata();
          expect(jpegHead(bytes)).toEqual({
            width: seen.width,
            height: seen.height,
            turned: (seen.orientation ?? 1) !== 1,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says nothing of other files, and of a head that is cut off", async () => {
    const image = sharp({ create: { width: 9, height: 9, channels: 3, background: "#123456" } });
    expect(jpegHead(await image.png().toBuffer())).toBeUndefined();
    const bytes = await image.jpeg().toBuffer();
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    for (let length = 0; length < frame + 9; length += 1)
      expect(jpegHead(bytes.subarray(0, length))).toBeUndefined();
    expect(jpegHead(bytes.subarray(0, frame + 9))).toMatchObject({ width: 9, height: 9 });
  });

  it.each([
    ["II", [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0]],
    ["MM", [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0]],
  ])("reads the orientation in the byte order %s", (_, tiff) => {
    const exif = [0xff, 0xe1, 0, 2 + 6 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
    const frame = [0xff, 0xff, 0xc2, 0, 11, 8, 0x01, 0x02, 0x03, 0x04]; // 258 rows of 772 pixels
    const bytes = Buffer.from([0xff, 0xd8, ...exif, ...frame]);
    expect(jpegHead(bytes)).toEqual({ width: 0x0304, height: 0x0102, turned: true });
  });

  it("is not led astray by the tables that some programs write before the frame", () => {
    const tables = [0xff, 0xc4, 0, 7, 9, 9, 9, 9, 9];
    const frame = [0xff, 0xc0, 0, 11, 8, 0, 5, 0, 6];
    const bytes = Buffer.from([0xff, 0xd8, ...tables, ...frame]);
    expect(jpegHead(bytes)).toEqual({ width: 6, height: 5, turned: false });
  });

  it("never throws, whatever the bytes", () => {
    const bytes = fc.uint8Array({ maxLength: 80 });
    const exif = [0xff, 0xd8, 0xff, 0xe1, 0, 60, 0x45, 0x78, 0x69, 0x66, 0, 0];
    fc.assert(
      fc.property(fc.constantFrom([], [0xff, 0xd8], exif), bytes, (head, rest) => {
        expect(() => jpegHead(Buffer.from([...head, ...rest]))).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });
});
