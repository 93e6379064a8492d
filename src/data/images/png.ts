import { crc32 } from "node:zlib";
import { mostPixels, type PixelSize } from "./jpeg-segments.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bit depths of each colour type. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Chunks that change nothing of the pixels and cannot fail to be read. */
const harmless = new Set(["gAMA", "cHRM", "sRGB", "pHYs", "sBIT", "bKGD", "tIME", "tEXt", "tRNS"]);

/**
 * The size of a PNG that is whole and of the usual kind, or undefined when somebody has to decode it
 * to say.
 *
 * Every chunk to the last has to be there with its right checksum, so that what passes is as it was
 * written. Animations, EXIF, compressed texts and profiles are left to others.
 *
 * Source: W3C PNG, third edition, sections 5 and 11
 */
export function wholePng(bytes: Uint8Array): PixelSize | undefined {
  if (signature.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let size: PixelSize | undefined;
  let palette: boolean | undefined;
  let dataEnd: number | undefined;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((size === undefined) !== (type === "IHDR")) return undefined;
    if (type === "IHDR") {
      size = readHeader(bytes.subarray(at + 8, end - 4), view);
      if (size === undefined) return undefined;
      palette = bytes[at + 17] === 3 ? false : undefined;
    } else if (type === "PLTE") palette = true;
    else if (type === "IDAT") {
      if (palette === false || (dataEnd !== undefined && dataEnd !== at)) return undefined;
      dataEnd = end;
    } else if (type === "IEND") return dataEnd === undefined ? undefined : size;
    else if (!harmless.has(type)) return undefined;
    at = end;
  }
  return undefined;
}

function readHeader(header: Uint8Array, view: DataView): PixelSize | undefined {
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, compression, filter, interlace] = header.subarray(8);
  if (header.length !== 13 || width === 0 || height === 0) return undefined;
  if (width * height > mostPixels || !depths[colour!]?.includes(depth!)) return undefined;
  return compression === 0 && filter === 0 && interlace! <= 1 ? { width, height } : undefined;
}
