import sharp from "sharp";
import { SggError } from "../errors.ts";
import { imageReason, readImage } from "./images/read.ts";

/**
 * The image as a data URL with its true MIME type, byte for byte. Errors: SggError DATA.
 *
 * `path` is that of a file, or `FILE.parquet#ROW`.
 */
export async function imageDataUrl(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  try {
    const { mediaType } = await sharp(bytes).metadata();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
    return `data:${mediaType ?? "application/octet-stream"};base64,${text}`;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * The image brought to another size, as the data URL of a PNG, which loses nothing more.
 *
 * Errors: SggError DATA when the image cannot be read.
 */
export async function resizedDataUrl(
  path: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<string> {
  const bytes = await bytesOf(path);
  try {
    const png = await sharp(bytes, { failOn: "truncated" })
      .resize(width, height, { fit: "fill", kernel: "cubic" })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString("base64")}`;
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
  const bytes = await bytesOf(path);
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

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readImage(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const unreadable = (path: string, cause: unknown): SggError =>
  cause instanceof SggError
    ? cause
    : new SggError("DATA", `Cannot read "${path}": ${imageReason(cause)}, expected an image`, {
        cause,
      });
