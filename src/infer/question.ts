import { type ImageSize, smartResize } from "../core/geometry/smart-resize.ts";
import { boxScaleOf, type ModelFamily, type PixelLimits } from "../core/models/families.ts";
import { imageDataUrl, resizedDataUrl } from "../data/image.ts";
import type { Row } from "../data/row.ts";
import { SggError } from "../errors.ts";
import { type Sampling, toChatRequest } from "./chat.ts";

/** How images are asked about: the same for all of them, but for what the row says itself. */
export interface Asking {
  readonly family: ModelFamily;
  /** Left out of the request when it is empty, or for a family that takes none. */
  readonly system: string;
  /** What the user message says, the same for all rows or row by row. */
  readonly prompt: string | ((row: Row) => string);
  readonly sampling: Sampling;
  readonly pixels: Pixels;
  /** The image to send in place of the row's own, as bytes; null for the row's own. */
  readonly image?: (row: Row) => Promise<Uint8Array | null>;
}

/**
 * Between how many pixels an image is seen, and who sees to it.
 *
 * `here`: an image outside the limits is resized before it is sent, which works with any server.
 * `request`: the limits go with each request, and the model's own processor resizes; vLLM 0.31 wants
 * to be started with `--trust-request-mm-kwargs` for that. `server`: it was started with them.
 */
export interface Pixels extends PixelLimits {
  readonly resize: "here" | "request" | "server";
}

/** The limits of the paper's inference. Source: spec of R1-SGG e4de64d: 4·28² to 1024·28² pixels. */
export const paperPixels: PixelLimits = { minPixels: 4 * 28 * 28, maxPixels: 1024 * 28 * 28 };

/** The user message of a row. */
export const promptOf = ({ prompt }: Asking, row: Row): string =>
  typeof prompt === "string" ? prompt : prompt(row);

/**
 * The body of the request about one image.
 *
 * Errors: SggError DATA when the row has no image, or one that cannot be read; RangeError for an
 * image that the model's processor refuses.
 */
export async function toRequest(row: Row, model: string, asking: Asking) {
  const { family, system, sampling, pixels } = asking;
  const { minPixels, maxPixels } = pixels;
  const inRequest = pixels.resize === "request" && family.factor !== undefined;
  return toChatRequest({
    model,
    ...(family.system && system !== "" && { system }),
    prompt: promptOf(asking, row),
    image: await imageOf(row, asking),
    first: family.first,
    sampling,
    ...(inRequest && { pixels: { minPixels, maxPixels } }),
  });
}

/** What boxes go up to in the answer to a row. Errors: RangeError as in {@link toRequest}. */
export const boxScale = (row: Row, { family, pixels }: Asking): [number, number] => [
  ...boxScaleOf(family, row, pixels),
];

/** Why the model cannot be asked about a row, if so. */
export function refusalOf(row: Row, { family, pixels }: Asking): string | undefined {
  if (family.factor === undefined) return undefined;
  try {
    smartResize(row, { factor: family.factor, ...pixels });
    return undefined;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return `${family.name} takes no image like it: ${cause.message}`;
  }
}

async function imageOf(row: Row, { family, pixels, image }: Asking): Promise<string> {
  const { image_id, image_path } = row;
  if (image_path === undefined)
    throw new SggError("DATA", `Cannot ask about "${image_id}": no image, expected an image_path`);
  const size = pixels.resize === "here" && sizeToSend(row, family, pixels);
  const source = (await image?.(row)) ?? image_path;
  return size ? resizedDataUrl(source, size) : imageDataUrl(source);
}

/** The size to send an image in, if it is outside the limits; the server rounds one inside them. */
function sizeToSend(
  row: ImageSize,
  { factor }: ModelFamily,
  limits: PixelLimits,
): ImageSize | undefined {
  if (factor === undefined) return undefined;
  const free = { factor, minPixels: 0, maxPixels: Number.POSITIVE_INFINITY };
  const [seen, rounded] = [smartResize(row, { factor, ...limits }), smartResize(row, free)];
  return seen.width === rounded.width && seen.height === rounded.height ? undefined : seen;
}
