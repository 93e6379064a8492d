import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import sharp from "sharp";
import { SggError } from "../../errors.ts";
import { type ImageSize, jpegHead } from "./jpeg-head.ts";
import type { OnProgress } from "./prepared.ts";
import { cannotRead } from "./source-file.ts";

/** Folders of images, and names of folders inside them to look in as well. */
export interface ImageFolders {
  readonly given: readonly string[];
  readonly inside: readonly string[];
}

/**
 * Where each image lies: in the first folder that has its name (`1.jpg`, `train2017/1.jpg`).
 *
 * Folders are listed, not asked file by file, so that 100,000 images are a matter of seconds.
 *
 * Errors: SggError DATA for a folder that is not there, and when images are in none: how many, and
 * the first five.
 */
export async function locateImages(
  { given, inside }: ImageFolders,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  for (const folder of given) await refuseAbsent(folder);
  const folders = given.flatMap((folder) => ["", ...inside].map((name) => resolve(folder, name)));
  const listings = new Map<string, ReadonlySet<string>>();
  const places = new Map<string, string>();
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      const parent = dirname(path);
      const listing = listings.get(parent) ?? new Set(await namesIn(parent));
      listings.set(parent, listing);
      if (!places.has(name) && listing.has(basename(path))) places.set(name, path);
    }
  const missing = names.filter((name) => !places.has(name));
  if (missing.length === 0) return places;
  const where = given.map((folder) => `"${folder}"`).join(", ");
  const found = `${missing.length} of ${names.length} missing (${listed(missing)})`;
  throw new SggError("DATA", `Cannot find images in ${where}: ${found}, expected all of them`);
}

async function refuseAbsent(folder: string): Promise<void> {
  const cannot = (found: string, cause?: unknown) =>
    new SggError("DATA", `Cannot read "${folder}": ${found}, expected a folder of images`, {
      cause,
    });
  const stats = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    throw cannot(cause.code === "ENOENT" ? "no such folder" : cause.message, cause);
  });
  if (!stats.isDirectory()) throw cannot("a file");
}

const namesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return [];
    throw cannotRead(folder, cause, "a folder of images");
  });

const filesAtOnce = 16;

/** Enough for the head of most JPEG files; the image library looks at the others. */
const headBytes = 1 << 15;

/**
 * Reads the head of every image for its size.
 *
 * Errors: SggError DATA when some cannot be read: how many, and the first five with the reason.
 */
export async function measureImages(
  paths: readonly string[],
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<readonly ImageSize[]> {
  const sizes = new Array<ImageSize>(paths.length);
  const bad: string[] = [];
  const queue = paths.entries(); // one for all: each reader takes the next
  let done = 0;
  const reader = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(headBytes);
    for (const [at, path] of queue) {
      signal?.throwIfAborted();
      try {
        sizes[at] = await imageSize(path, buffer);
      } catch (cause) {
        bad.push(`${path} (${(cause as Error).message.split("\n")[0]})`);
      }
      done += 1;
      onProgress("images measured", done, paths.length);
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, reader));
  if (bad.length === 0) return sizes;
  const found = `${bad.length} of ${paths.length} unreadable (${listed(bad.sort())})`;
  throw new SggError("DATA", `Cannot measure images: ${found}, expected images`);
}

async function imageSize(path: string, buffer: Buffer): Promise<ImageSize> {
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const size = jpegHead(buffer.subarray(0, bytesRead));
    if (size) return size;
  } finally {
    await file.close();
  }
  const { width, height, orientation = 1 } = await sharp(path).metadata();
  return { width, height, turned: orientation !== 1 };
}

const listed = (names: readonly string[]): string => {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).join(", ")}${more}`;
};
