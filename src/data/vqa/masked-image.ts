import sharp, { type OverlayOptions } from "sharp";
import type { Box } from "../../core/graph/scene-graph.ts";
import { uniform } from "../../core/random.ts";
import { randomStream } from "../../core/random-stream.ts";
import { recent } from "../../core/recent.ts";
import type { Question } from "../../core/vqa/question.ts";
import type { Setting } from "../../core/vqa/setting.ts";
import { SggError } from "../../errors.ts";
import { imageReason, readImage } from "../images/read.ts";

type Asked = Pick<Question, "image_id" | "subject" | "object">;

/**
 * The image of a question as a setting shows it, or null where it shows the image as it is.
 *
 * `image`: noise in its place, every channel of every pixel drawn evenly from 0 to 255; the same
 * for every question of an image. `objects`: the boxes of subject and object black, the pixels
 * around them as they were. The same seed gives the same bytes.
 *
 * Shape:  PNG of the image's width and height
 * Errors: SggError DATA when the image cannot be read
 * Source: R1-SGG v1, Table 2 ("mask img.", "mask obj."); which noise, the paper does not say
 */
export async function maskedImage(
  path: string,
  asked: Asked,
  mask: Setting["mask"],
  seed: number,
): Promise<Buffer | null> {
  if (mask === "none") return null;
  try {
    const bytes = await readImage(path);
    const { width, height } = await sharp(bytes).metadata();
    const masked =
      mask === "image"
        ? sharp(noise(width * height * 3, `${seed} ${asked.image_id}`), {
            raw: { width, height, channels: 3 },
          })
        : sharp(bytes).composite(
            [asked.subject.bbox, asked.object.bbox].flatMap((box) => black(box, width, height)),
          );
    return await masked.removeAlpha().toColourspace("srgb").png({ compressionLevel: 3 }).toBuffer();
  } catch (cause) {
    if (cause instanceof SggError) throw cause;
    throw new SggError("DATA", `Cannot mask "${path}": ${imageReason(cause)}, expected an image`, {
      cause,
    });
  }
}

/** So many images of noise are kept: more than have questions under way, at a few MB each. */
const keptNoise = 32;

/**
 * `maskedImage` for many questions of one seed: the noise of an image is drawn once for those that
 * follow each other, not for each of them.
 */
export function imageMasker(
  seed: number,
): (path: string, asked: Asked, mask: Setting["mask"]) => Promise<Buffer | null> {
  const drawn = recent<Promise<Buffer | null>>(keptNoise);
  return (path, asked, mask) => {
    const draw = () => maskedImage(path, asked, mask, seed);
    if (mask !== "image") return draw();
    const key = JSON.stringify([path, asked.image_id]);
    return drawn.get(key) ?? drawn.set(key, draw());
  };
}

function noise(length: number, name: string): Buffer {
  const random = uniform(Math.floor(randomStream(`vqa noise ${name}`).unit() * 2 ** 32));
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i += 1) bytes[i] = random() * 256;
  return bytes;
}

/** A black rectangle over all pixels that a box touches; none for a box outside. */
function black([x1, y1, x2, y2]: Box, width: number, height: number): OverlayOptions[] {
  const [left, top] = [Math.max(0, Math.floor(x1)), Math.max(0, Math.floor(y1))];
  const size = {
    width: Math.min(width, Math.ceil(x2)) - left,
    height: Math.min(height, Math.ceil(y2)) - top,
  };
  if (size.width <= 0 || size.height <= 0) return [];
  return [{ input: { create: { ...size, channels: 3, background: "black" } }, left, top }];
}
