import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { inspectBytes } from "../../../src/data/images/inspect.ts";
import { wholeJpeg } from "../../../src/data/images/jpeg.ts";
import { wholePng } from "../../../src/data/images/png.ts";
import { requires } from "../../helpers/requires.ts";
import { askWorker } from "../python-worker.ts";
import { temporaryFolder } from "../rows-file.ts";

const size = { width: 61, height: 43 };

/** An image with noise in it, so that its data are long enough to be damaged. */
const noisy = () =>
  sharp({
    create: {
      ...{ ...size, channels: 3, background: "grey" },
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });

describe("wholeJpeg and wholePng give the size without decoding", () => {
  it.each([
    ["baseline", () => noisy().jpeg()],
    ["progressive", () => noisy().jpeg({ progressive: true })],
    ["grey", () => noisy().greyscale().jpeg()],
    ["unsubsampled", () => noisy().jpeg({ chromaSubsampling: "4:4:4", optimiseCoding: false })],
  ])("of a JPEG: %s", async (_, make) => {
    expect(wholeJpeg(await make().toBuffer())).toMatchObject(size);
  });

  it.each([
    ["colours", () => noisy().png()],
    ["palette", () => noisy().png({ palette: true })],
    ["interlaced", () => noisy().png({ progressive: true })],
    ["transparent", () => noisy().ensureAlpha(0.5).png()],
    ["16 bits", () => noisy().toColourspace("rgb16").png()],
  ])("of a PNG: %s", async (_, make) => {
    expect(wholePng(await make().toBuffer())).toEqual(size);
  });

  it("leave what they do not know to a decoder, which still gives the size", async () => {
    const webp = await noisy().webp().toBuffer();
    const exif = await noisy()
      .withExif({ IFD0: { Copyright: "me" } })
      .jpeg()
      .toBuffer();
    const cmyk = await noisy().toColourspace("cmyk").jpeg().toBuffer();
    for (const bytes of [webp, exif, cmyk]) {
      expect([wholeJpeg(bytes), wholePng(bytes)]).toEqual([undefined, undefined]);
      expect(await inspectBytes(bytes)).toMatchObject({ ok: true, ...size });
    }
  });

  it("vouch for no image that is cut off, wherever that is", async () => {
    for (const [bytes, whole] of [
      [await noisy().jpeg().toBuffer(), wholeJpeg],
      [await noisy().jpeg({ progressive: true }).toBuffer(), wholeJpeg],
      [await noisy().png().toBuffer(), wholePng],
    ] as const)
      for (let kept = 0; kept < bytes.length; kept += 1)
        expect(whole(bytes.subarray(0, kept)), `${kept} of ${bytes.length}`).toBeUndefined();
  });
});

describe("wholeJpeg leaves to a decoder what libjpeg refuses", () => {
  /** A JPEG with bytes changed, counted from a segment's marker. */
  const changed = async (marker: number, changes: Readonly<Record<number, number>>) => {
    const bytes = await noisy().jpeg({ optimiseCoding: false }).toBuffer();
    const at = bytes.indexOf(Buffer.from([0xff, marker]));
    expect(at).toBeGreaterThan(0);
    for (const [offset, value] of Object.entries(changes)) bytes[at + Number(offset)] = value;
    return bytes;
  };

  it.each([
    ["three codes of one bit, the number of codes kept", 0xc4, { 5: 3, 7: 2 }],
    ["a Huffman table of a third class", 0xc4, { 4: 0x20 }],
    ["a quantisation table with the number 4", 0xdb, { 4: 0x04 }],
    ["twelve bits a sample", 0xc0, { 4: 12 }],
    ["no lines at all", 0xc0, { 6: 0 }],
    ["a component sampled 3 times beside one of 2", 0xc0, { 11: 0x31, 14: 0x21 }],
    ["more blocks than a unit may have", 0xc0, { 11: 0x44 }],
    ["a quantisation table that nobody defined", 0xc0, { 12: 3 }],
    ["a component twice in a scan", 0xda, { 7: 1 }],
    ["a component that nobody defined", 0xda, { 5: 9 }],
    ["a Huffman table that nobody defined", 0xda, { 6: 0x03 }],
    ["spectral selection in a sequential scan", 0xda, { 12: 5 }],
  ] as const)("%s", async (_, marker, changes) => {
    expect(wholeJpeg(await changed(marker, changes))).toBeUndefined();
  });

  it("and a lossless one", async () => {
    expect(wholeJpeg(await changed(0xc0, { 1: 0xc3 }))).toBeUndefined();
  });
});

/** Images of all kinds that PIL writes, each damaged in many ways; with PIL's own verdict. */
const program = `
import io, json, random, sys
from PIL import Image
folder, damages = json.load(sys.stdin)
rng = random.Random(5)
image = Image.effect_noise((61, 43), 60).convert("RGB")
kinds = [("JPEG", dict(quality=q, progressive=p, optimize=o, subsampling=s, **r))
         for q in (30, 95) for p in (False, True) for o in (False, True) for s in (0, 2)
         for r in ({}, {"restart_marker_blocks": 3})]
kinds += [("PNG", {}), ("PNG", {"optimize": True})]
def damaged(data):
    data, how = bytearray(data), rng.randrange(5)
    at = rng.randrange(len(data))
    if how == 0: del data[at:]
    if how == 1: data[at] ^= 1 << rng.randrange(8)
    if how == 2: data[at:at + 40] = bytes(len(data[at:at + 40]))
    if how == 3: del data[at:at + rng.randrange(1, 40)]
    if how == 4: data[rng.randrange(min(len(data), 700))] = rng.randrange(256)
    return bytes(data)
def verdict(data):
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.convert("RGB")
            return list(image.size)
    except Exception:
        return None
out, sizes = open(folder + "/all.bin", "wb"), []
for format, options in kinds:
    buffer = io.BytesIO()
    (image.convert("L") if rng.random() < 0.2 else image).save(buffer, format, **options)
    for data in [buffer.getvalue()] + [damaged(buffer.getvalue()) for _ in range(damages)]:
        out.write(data)
        sizes.append([len(data), verdict(data)])
out.close()
print(json.dumps(sizes))
`;

requires("python").it(
  "vouch for nothing that PIL refuses, and PIL finds the same size",
  async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "all.bin"), "");
    const damages = 150;
    const verdicts = (await askWorker(program, [folder, damages])) as [number, number[] | null][];
    const all = await readFile(join(folder, "all.bin"));
    let at = 0;
    let [vouched, refused] = [0, 0];
    for (const [index, [length, verdict]] of verdicts.entries()) {
      const bytes = all.subarray(at, at + length);
      at += length;
      const whole = wholeJpeg(bytes) ?? wholePng(bytes);
      if (index % (damages + 1) === 0) expect(whole, `undamaged ${index}`).toMatchObject(size);
      if (verdict === null) refused += 1;
      if (whole === undefined) continue;
      vouched += 1;
      expect([whole.width, whole.height], `image ${index}`).toEqual(verdict);
    }
    expect(verdicts).toHaveLength(34 * 151);
    expect([vouched, refused].every((count) => count > 1000)).toBe(true);
  },
);
