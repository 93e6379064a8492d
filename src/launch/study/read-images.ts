import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SggError } from "../../errors.ts";

const recall = z.looseObject({ "20": z.number(), "50": z.number(), "100": z.number() }).nullable();
const line = z.looseObject({
  image_id: z.string(),
  answer: z.enum(["none", "failed", "read"]),
  relationships: z.number(),
  recall,
  zero_shot_recall: recall,
});

/** The figures of one image, as an evaluation wrote them. */
export type ImageLine = z.infer<typeof line>;

/**
 * The figures of each image of an evaluation that judged by a compat mode; undefined for one that has none.
 *
 * The first mode of an evaluation has the plain file, the others their name in it.
 *
 * Errors: SggError USAGE for a file that is not what it should be
 */
export async function readImages(
  run: string,
  compat: string,
): Promise<readonly ImageLine[] | undefined> {
  for (const name of [`per-image-${compat}.jsonl`, "per-image.jsonl"]) {
    const path = join(run, name);
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw unreadable(path, cause.message);
    });
    if (text !== undefined) return imageLines(path, text);
  }
  return undefined;
}

const imageLines = (path: string, text: string): readonly ImageLine[] =>
  text
    .split("\n")
    .filter((one) => one !== "")
    .map((one, at) => {
      try {
        return line.parse(JSON.parse(one));
      } catch (cause) {
        throw unreadable(path, `line ${at + 1}: ${(cause as Error).message.split("\n")[0]}`);
      }
    });

const unreadable = (path: string, why: string): SggError =>
  new SggError("USAGE", `Cannot read "${path}": ${why}, expected the figures of an image a line`);
