import { mkdir, open, rename } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { cannotWrite, discard } from "../cannot-write.ts";
import type { Target } from "../core/graph/scene-graph.ts";
import { boxScaleOf, type ModelFamily, type PixelLimits } from "../core/models/families.ts";
import type { Task } from "../core/rewards/reward.ts";
import { SggError } from "../errors.ts";
import { answerOf, type Think } from "./answer.ts";
import { realFolder } from "./real-folder.ts";
import type { Row } from "./row.ts";

/** The rows to train on, the prompts' texts, and the folder that sft.jsonl and grpo.jsonl go to. */
export interface TrainingRowsOptions {
  readonly rows: readonly Row[];
  readonly out: string;
  readonly system: string;
  /** What the user message says, the same for all rows or row by row. */
  readonly prompt: string | ((row: Row) => string);
  readonly think: Think;
  /** Teaches each row's own `answer` in place of its graph. */
  readonly answers?: "column";
  /** What is asked for; the whole graph by default. */
  readonly task?: Task;
  /** The model to train and the limits of its images: what it gives boxes in; thousandths by default. */
  readonly model?: { readonly family: ModelFamily; readonly limits: PixelLimits };
}

/** Where the rows were written. */
export interface TrainingFiles {
  readonly sft: string;
  readonly grpo: string;
}

/**
 * Writes what the trainers read: `sft.jsonl` (prompt and answer) and `grpo.jsonl` (prompt and
 * target).
 *
 * Messages hold plain strings; the image belongs before the text of the user message.
 * `image_path` is relative to the written file. Each file appears whole or not at all. A row of
 * `grpo.jsonl` states its `box_scale` where the model's boxes are not in thousandths.
 *
 * Unit: boxes of the targets in pixels; of the answers in thousandths, for every model.
 * Errors: SggError DATA for a row without an image; those of `cannotWrite`
 */
export async function writeTrainingRows(options: TrainingRowsOptions): Promise<TrainingFiles> {
  const { rows, system, prompt, think, task = "sgg", model } = options;
  const out = await realFolder(options.out).catch((cause) => {
    throw cannotWrite(options.out, cause);
  });
  const ask = (row: Row) => (typeof prompt === "string" ? prompt : prompt(row));
  const shared = (row: Row) => ({
    image_id: row.image_id,
    image_path: relative(out, imageOf(row)),
    ...(row.coco_id !== undefined && { coco_id: row.coco_id }),
    prompt: [
      { role: "system", content: system },
      { role: "user", content: ask(row) },
    ],
  });
  const answer = (row: Row) =>
    options.answers === "column" ? ownAnswer(row) : answerOf(row, think, task);
  const files = { sft: join(out, "sft.jsonl"), grpo: join(out, "grpo.jsonl") };
  await writeLines(files.sft, rows, (row) => ({
    ...shared(row),
    completion: [{ role: "assistant", content: answer(row) }],
  }));
  await writeLines(files.grpo, rows, (row) => ({
    ...shared(row),
    target: targetOf(row),
    ...(model && boxScale(row, model)),
    ...(task !== "sgg" && { task }),
  }));
  return files;
}

function imageOf({ image_id, image_path }: Row): string {
  if (image_path !== undefined) return image_path;
  throw new SggError("DATA", `Cannot train on "${image_id}": no image, expected an image_path`);
}

function ownAnswer({ image_id, answer }: Row): string {
  if (answer !== undefined) return answer;
  const found = "it has no answer of its own, expected one";
  throw new SggError("DATA", `Cannot train on "${image_id}": ${found}`);
}

/** The scale of the boxes where it has to be said; the trainer takes thousandths for granted. */
function boxScale(row: Row, { family, limits }: NonNullable<TrainingRowsOptions["model"]>) {
  if (family.boxes === "thousandths") return {};
  try {
    return { box_scale: boxScaleOf(family, row, limits) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const found = `${cause.message}, expected one that ${family.name} takes`;
    throw new SggError("DATA", `Cannot train on "${row.image_id}": ${found}`, { cause });
  }
}

const targetOf = ({ image_id, width, height, objects, relationships }: Target): Target => ({
  image_id,
  width,
  height,
  objects,
  relationships,
});

/** Writes one JSON line a row under a temporary name, then renames it. */
async function writeLines(
  path: string,
  rows: readonly Row[],
  lineOf: (row: Row) => unknown,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "w");
    try {
      for (const row of rows) await file.appendFile(`${JSON.stringify(lineOf(row))}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(path, cause);
  }
}
