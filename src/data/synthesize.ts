import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import sharp from "sharp";
import { SggError } from "../errors.ts";
import { toSvg } from "./scenes/draw.ts";
import { drawScene } from "./scenes/scene.ts";
import { cannotWrite, discard } from "./write.ts";

/** How many scenes, from which seed, into which folder. */
export interface SynthesizeOptions {
  readonly count: number;
  readonly seed: number;
  readonly out: string;
  readonly signal?: AbortSignal;
}

const imagesAtOnce = 8;

/**
 * Writes drawn scenes in the dataset layout: `scenes.jsonl` and `images/` in the folder `out`.
 *
 * The same seed gives the same scenes.jsonl byte for byte, and a smaller count its first lines.
 * The folder appears whole or not at all: it is filled under a temporary name beside it.
 *
 * Errors: SggError DATA when `out` is there and not empty, or cannot be written.
 */
export async function synthesize({ count, seed, out, signal }: SynthesizeOptions): Promise<string> {
  const folder = resolve(out);
  await refuseFull(folder);
  const temporary = join(dirname(folder), `.${basename(folder)}.${process.pid}.tmp`);
  try {
    await discard(temporary);
    await mkdir(join(temporary, "images"), { recursive: true });
    const lines: string[] = [];
    for (let from = 0; from < count; from += imagesAtOnce) {
      signal?.throwIfAborted();
      const indices = Array.from(
        { length: Math.min(imagesAtOnce, count - from) },
        (_, at) => from + at,
      );
      const writes = indices.map((index) => writeScene(temporary, seed, index));
      await Promise.allSettled(writes); // none may still write when a failed folder is removed
      lines.push(...(await Promise.all(writes)));
    }
    await writeFile(join(temporary, "scenes.jsonl"), lines.join(""), { flush: true });
    await rename(temporary, folder);
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(out, cause);
  }
  return join(folder, "scenes.jsonl");
}

async function writeScene(folder: string, seed: number, index: number): Promise<string> {
  const scene = drawScene(seed, index);
  const name = `scene_${seed}_${String(index).padStart(6, "0")}`;
  const image_path = `images/${name}.png`;
  const png = await sharp(Buffer.from(toSvg(scene)))
    .png()
    .toBuffer();
  await writeFile(join(folder, image_path), png);
  const { width, height, graph } = scene;
  return `${JSON.stringify({ image_id: name, image_path, width, height, ...graph })}\n`;
}

async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new SggError(
      "DATA",
      `Cannot write "${folder}": ${cause.message}, expected a new folder`,
      { cause },
    );
  });
  if (names.length === 0) return;
  const found = names.length === 1 ? "holds 1 file" : `holds ${names.length} files`;
  throw new SggError(
    "DATA",
    `Cannot write "${folder}": it ${found}, expected a new or empty folder`,
  );
}
