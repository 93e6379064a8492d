import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { SggError } from "../errors.ts";

/** Size and true MIME type of an image, or why it cannot be read. */
export type Inspected =
  | { readonly ok: true; readonly width: number; readonly height: number; readonly mime: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Looks at an image file and decodes it once, so that a cut-off file is noticed.
 *
 * An image that EXIF turns is refused: vLLM turns it, PIL in the trainers does not, and boxes fit
 * only one of the two.
 *
 * Unit: pixels, as stored.
 */
export async function inspectImage(path: string): Promise<Inspected> {
  try {
    const bytes = await readFile(path);
    const { width, height, orientation, mediaType } = await sharp(bytes).metadata();
    await sharp(bytes, { failOn: "truncated" }).resize(8, 8, { fit: "fill" }).raw().toBuffer();
    if ((orientation ?? 1) !== 1)
      return { ok: false, reason: `an image that EXIF turns (orientation ${orientation})` };
    return { ok: true, width, height, mime: mediaType ?? "application/octet-stream" };
  } catch (cause) {
    return { ok: false, reason: reasonOf(cause) };
  }
}

/** The file as a data URL with its true MIME type, byte for byte. Errors: SggError DATA. */
export async function imageDataUrl(path: string): Promise<string> {
  const bytes = await readImage(path);
  try {
    const { mediaType } = await sharp(bytes).metadata();
    return `data:${mediaType ?? "application/octet-stream"};base64,${bytes.toString("base64")}`;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * A small JPEG of an image as a data URL, for pages that carry their pictures in themselves.
 *
 * Unit: `maxSide` in pixels; a smaller image is not enlarged.
 * Errors: SggError DATA when the image cannot be read.
 */
export async function thumbnail(path: string, maxSide: number): Promise<string> {
  const bytes = await readImage(path);
  try {
    const jpeg = await sharp(bytes, { failOn: "truncated" })
      .flatten({ background: "white" })
      .resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true })
      .jpeg({ quality: 82 })
      .toBuffer();
    return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readImage(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const unreadable = (path: string, cause: unknown): SggError =>
  new SggError("DATA", `Cannot read "${path}": ${reasonOf(cause)}, expected an image`, { cause });

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "a folder";
  return `unreadable (${message.split("\n")[0]})`;
}
