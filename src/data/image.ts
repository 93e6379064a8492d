import sharp from "sharp";
import { SggError } from "../errors.ts";
import { imageReason, readImage } from "./images/read.ts";

/** Where an image is: the path of a file, `FILE.parquet#ROW`, or its bytes. */
export type ImageSource = string | Uint8Array;

/** The image as a data URL with its true MIME type, byte for byte. Errors: SggError DATA. */
export async function imageDataUrl(source: ImageSource): Promise<string> {
  const bytes = await bytesOf(source);
  try {
    const { mediaType } = await sharp(bytes).metadata();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
    return `data:${mediaType ?? "application/octet-stream"};base64,${text}`;
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

/**
 * The image brought to another size, as the data URL of a PNG, which loses nothing more.
 *
 * Errors: SggError DATA when the image cannot be read.
 */
export async function resizedDataUrl(
  source: ImageSource,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<string> {
  const bytes = await bytesOf(source);
  try {
    const png = await sharp(bytes, { failOn: "truncated" })
      .resize(width, height, { fit: "fill", kernel: "cubic" })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString("base64")}`;
  } catch (cause) {
    throw unreadable(source, cause);
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

async function bytesOf(source: ImageSource): Promise<Uint8Array> {
  if (typeof source !== "string") return source;
  try {
    return await readImage(source);
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

const unreadable = (source: ImageSource, cause: unknown): SggError =>
  cause instanceof SggError
    ? cause
    : new SggError(
        "DATA",
        `Cannot read ${typeof source === "string" ? `"${source}"` : `an image of ${source.length} bytes`}: ${imageReason(cause)}, expected an image`,
        { cause },
      );
