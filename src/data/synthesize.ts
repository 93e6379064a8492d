import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { cannotWrite, discard } from "../cannot-write.ts";
import { randomStream } from "../core/random-stream.ts";
import { readPrompt } from "./prompts.ts";
import { toSvg } from "./scenes/draw.ts";
import { hatched } from "./scenes/hatch.ts";
import { questionAbout } from "./scenes/question.ts";
import { drawScene, type Scene } from "./scenes/scene.ts";
import type { SceneStyle } from "./scenes/style.ts";
import { newFolder, temporaryFolder } from "./temporary-folder.ts";

/** How many scenes, from which seed, into which folder. */
export interface SynthesizeOptions {
  readonly count: number;
  readonly seed: number;
  readonly out: string;
  readonly style?: SceneStyle;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

const rowsAtOnce = 24;

/**
 * Writes drawn scenes in the dataset layout: `scenes.jsonl` and `images/` in the folder `out`.
 *
 * The same seed gives the same scenes.jsonl byte for byte, and a smaller count its first lines.
 * The folder appears whole or not at all: it is filled under a temporary name beside it.
 *
 * Errors: those of `newFolder` and `cannotWrite`
 */
export async function synthesize({
  count,
  seed,
  out,
  style = {},
  signal,
  onProgress,
}: SynthesizeOptions): Promise<string> {
  const folder = await newFolder(out);
  const temporary = await temporaryFolder(folder);
  const { text: graphPrompt } = await readPrompt("short");
  try {
    await mkdir(join(temporary, "images"));
    const lines: string[] = [];
    for (let from = 0; from < count; from += rowsAtOnce) {
      signal?.throwIfAborted();
      const indices = Array.from(
        { length: Math.min(rowsAtOnce, count - from) },
        (_, at) => from + at,
      );
      const writes = indices.map((index) =>
        writeScene(temporary, { seed, index, style, graphPrompt }),
      );
      await Promise.allSettled(writes); // none may still write when a failed folder is removed
      lines.push(...(await Promise.all(writes)));
      onProgress?.(lines.length);
    }
    await writeFile(join(temporary, "scenes.jsonl"), lines.join(""), { flush: true });
    await rename(temporary, folder);
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(out, cause);
  }
  return join(folder, "scenes.jsonl");
}

interface Place {
  readonly seed: number;
  readonly index: number;
  readonly style: SceneStyle;
  readonly graphPrompt: string;
}

async function writeScene(
  folder: string,
  { seed, index, style, graphPrompt }: Place,
): Promise<string> {
  const nameOf = (one: number) => `scene_${seed}_${String(one).padStart(6, "0")}`;
  const first = index - (index % (style.same_picture ?? 1));
  const scene = drawScene(seed, first, style);
  const name = nameOf(index);
  const image_path = `images/${nameOf(first)}.png`;
  if (index === first) await writeFile(join(folder, image_path), await paint(scene, style));
  const { width, height, graph } = scene;
  const target = { image_id: name, width, height, ...graph };
  const asked = style.questions
    ? questionAbout(target, graphPrompt, randomStream(`question/${seed}/${index}`))
    : {};
  return `${JSON.stringify({ image_id: name, image_path, width, height, ...graph, ...asked })}\n`;
}

async function paint(scene: Scene, { hatch }: SceneStyle): Promise<Buffer> {
  const painted = sharp(Buffer.from(toSvg(scene)));
  if (hatch === undefined) return painted.png().toBuffer();
  const { data, info } = await painted.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const raw = { width, height, channels: 3 as const };
  return sharp(hatched(data, [width, height], hatch), { raw })
    .png()
    .toBuffer();
}
