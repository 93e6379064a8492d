import { wholeJpeg } from "./jpeg.ts";
import { wholePng } from "./png.ts";
import { imageReason, readImage } from "./read.ts";

/** Size and true MIME type of an image, or why it cannot be used. */
export type Inspected =
  | { readonly ok: true; readonly width: number; readonly height: number; readonly mime: string }
  | { readonly ok: false; readonly reason: string };

/** Looks at an image by its path; see {@link inspectBytes}. */
export async function inspectImage(path: string): Promise<Inspected> {
  try {
    return await inspectBytes(await readImage(path));
  } catch (cause) {
    return { ok: false, reason: imageReason(cause) };
  }
}

/**
 * Looks at an image to its end, so that a cut-off one is noticed.
 *
 * JPEG and PNG of the usual kinds are walked through, which costs a hundredth of decoding them;
 * whatever that cannot vouch for is decoded.
 *
 * An image that EXIF turns is refused: vLLM turns it, PIL in the trainers does not, and boxes fit
 * only one of the two.
 *
 * Unit: pixels, as stored.
 */
export async function inspectBytes(bytes: Uint8Array): Promise<Inspected> {
  const jpeg = wholeJpeg(bytes);
  if (jpeg) return { ok: true, width: jpeg.width, height: jpeg.height, mime: "image/jpeg" };
  const png = wholePng(bytes);
  if (png) return { ok: true, width: png.width, height: png.height, mime: "image/png" };
  try {
    const { default: sharp } = await import("sharp"); // seldom needed, and slow to load
    const { width, height, orientation, mediaType } = await sharp(bytes).metadata();
    await sharp(bytes, { failOn: "truncated" }).resize(8, 8, { fit: "fill" }).raw().toBuffer();
    if ((orientation ?? 1) !== 1)
      return { ok: false, reason: `an image that EXIF turns (orientation ${orientation})` };
    return { ok: true, width, height, mime: mediaType ?? "application/octet-stream" };
  } catch (cause) {
    return { ok: false, reason: imageReason(cause) };
  }
}
