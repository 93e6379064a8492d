import {
  type Frame,
  isScan,
  type PixelSize,
  readFrame,
  readHuffman,
  readQuantisation,
  type Tables,
} from "./jpeg-segments.ts";

/**
 * The size of a JPEG that is whole and of the usual kind, or undefined when somebody has to decode
 * it to say.
 *
 * It walks through all segments to the end marker: the tables have to be right, the frame and every
 * scan have to use tables and components that are there, the compressed data have to end in a
 * marker. What passes is opened by libjpeg without an error; flipped bits inside the compressed data
 * are an error to neither. Rare kinds (arithmetic, lossless, CMYK) and EXIF are left to others.
 *
 * Source: ITU T.81 annex B; the checks are those of libjpeg's jdmarker.c and jdhuff.c
 */
export function wholeJpeg(bytes: Uint8Array): PixelSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const tables: Tables = { quantisation: new Set(), huffman: new Set() };
  let frame: Frame | undefined;
  let scans = 0;
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff) return undefined;
    while (bytes[at] === 0xff) at += 1;
    const marker = bytes[at];
    if (marker === 0xd9) return scans > 0 ? frame : undefined;
    const end = at + 1 + ((bytes[at + 1]! << 8) | bytes[at + 2]!);
    const segment = bytes.subarray(at + 3, end);
    if (marker === undefined || !(end >= at + 3 && end <= bytes.length)) return undefined;
    at = end;
    if (marker === 0xc4 && !readHuffman(segment, tables)) return undefined;
    if (marker === 0xdb && !readQuantisation(segment, tables)) return undefined;
    if (marker === 0xdd && segment.length !== 2) return undefined;
    if (marker === 0xe1 && isExif(segment)) return undefined;
    if (marker >= 0xc0 && marker <= 0xc2) {
      if (frame !== undefined) return undefined;
      frame = readFrame(segment, marker === 0xc2);
      if (frame === undefined) return undefined;
    } else if (marker === 0xda) {
      if (frame === undefined || !isScan(segment, frame, tables)) return undefined;
      scans += 1;
      at = afterData(bytes, end);
      if (at < 0) return undefined;
    } else if (!skipped(marker)) return undefined;
  }
}

/** Tables, restart interval, application data and comments: read above, or of no matter. */
const skipped = (marker: number): boolean =>
  marker === 0xc4 ||
  marker === 0xdb ||
  marker === 0xdd ||
  (marker >= 0xe0 && marker <= 0xef) ||
  marker === 0xfe;

const isExif = (segment: Uint8Array): boolean =>
  segment[0] === 0x45 && segment[1] === 0x78 && segment[2] === 0x69 && segment[3] === 0x66;

/** Where the marker is that ends compressed data, or -1 where none does. */
function afterData(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0) {
    const next = bytes[at + 1];
    if (next === undefined) return -1;
    const stuffed = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!stuffed && next !== 0xff) return at;
    at = bytes.indexOf(0xff, at + (stuffed ? 2 : 1));
  }
  return -1;
}
