import { appendFile, mkdir, open, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cannotWrite, discard } from "../../cannot-write.ts";
import { vqaPrompt, vqaPromptVersion } from "../../core/vqa/prompt.ts";
import { questionsOf } from "../../core/vqa/question.ts";
import { settings } from "../../core/vqa/setting.ts";
import { SggError } from "../../errors.ts";
import type { Row } from "../row.ts";
import { newFolder, temporaryFolder } from "../temporary-folder.ts";
import { maskedImage } from "./masked-image.ts";
import { questionFile, questionLine, type StoredQuestion } from "./question-file.ts";

/** What to ask about, from which seed, into which folder. */
export interface BuildOptions {
  readonly rows: AsyncIterable<Row> | Iterable<Row>;
  readonly predicates: readonly string[];
  readonly seed: number;
  readonly out: string;
  /** Images to ask about at most, from the first on. */
  readonly limit?: number;
  /** Writes each image and prompt of each setting too, for programs that read files. */
  readonly images: boolean;
  readonly signal?: AbortSignal;
}

/** What `vqa.json` says of a set of questions. */
export interface BuildFacts {
  readonly prompt: string;
  readonly seed: number;
  readonly predicates: number;
  readonly images: number;
  readonly images_without_relations: number;
  readonly questions: number;
}

/**
 * Writes the four-way questions of a dataset: `questions.jsonl` and `vqa.json`, and with `images`
 * for each setting `<setting>.jsonl` (`question_id`, `prompt`, `image`) and the masked images.
 *
 * The folder appears whole or not at all. The same rows and seed give the same bytes.
 *
 * Errors: SggError DATA for the rows or their images; those of `newFolder` and `cannotWrite`
 */
export async function buildQuestions(options: BuildOptions): Promise<BuildFacts> {
  const folder = await newFolder(options.out);
  const temporary = await temporaryFolder(folder);
  try {
    const facts = await fill(temporary, folder, options);
    await writeFile(join(temporary, "vqa.json"), `${JSON.stringify(facts, null, 2)}\n`);
    await rename(temporary, folder);
    return facts;
  } catch (cause) {
    await discard(temporary);
    throw cannotWrite(options.out, cause);
  }
}

async function fill(
  temporary: string,
  folder: string,
  { rows, predicates, seed, limit = Number.POSITIVE_INFINITY, images, signal }: BuildOptions,
): Promise<BuildFacts> {
  const place: Place = { temporary, folder, seed, done: new Set() };
  if (images) for (const mask of ["image", "objects"]) await mkdir(join(temporary, mask));
  const file = await open(questionFile(temporary), "w");
  const counts = { images: 0, without: 0, questions: 0 };
  try {
    for await (const row of rows) {
      if (counts.images === limit) break;
      signal?.throwIfAborted();
      counts.images += 1;
      const questions = ask(row, predicates, seed);
      if (questions.length === 0) counts.without += 1;
      counts.questions += questions.length;
      await file.appendFile(questions.map((one) => questionLine(one, folder)).join(""));
      if (images) for (const one of questions) await writeImages(one, place);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  if (counts.questions === 0)
    throw new SggError("DATA", "Cannot build questions: no relations, expected rows with some");
  return {
    ...{ prompt: vqaPromptVersion, seed, predicates: predicates.length, images: counts.images },
    ...{ images_without_relations: counts.without, questions: counts.questions },
  };
}

function ask(row: Row, predicates: readonly string[], seed: number): readonly StoredQuestion[] {
  const { image_path, image_id } = row;
  if (image_path === undefined)
    throw new SggError("DATA", `Cannot ask about "${image_id}": no image, expected an image_path`);
  try {
    return questionsOf(row, predicates, seed).map((question) => ({ ...question, image_path }));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SggError("DATA", `Cannot ask about "${image_id}": ${cause.message}`, { cause });
  }
}

/** The nine prompts of a question with their images, as files; `done` are the images there are. */
async function writeImages(
  question: StoredQuestion,
  { temporary, folder, seed, done }: Place,
): Promise<void> {
  const { question_id, image_id, image_path } = question;
  for (const setting of settings) {
    const { name, mask } = setting;
    const of = encodeURIComponent(mask === "image" ? image_id : question_id);
    const image = mask === "none" ? relative(folder, image_path) : `${mask}/${of}.png`;
    if (mask !== "none" && !done.has(image)) {
      const bytes = await maskedImage(image_path, question, mask, seed);
      if (bytes) await writeFile(join(temporary, image), bytes);
      done.add(image);
    }
    const line = { question_id, prompt: vqaPrompt(question, setting), image };
    await appendFile(join(temporary, `${name}.jsonl`), `${JSON.stringify(line)}\n`);
  }
}

interface Place {
  /** Where the files are written now, and where they will be. */
  readonly temporary: string;
  readonly folder: string;
  readonly seed: number;
  readonly done: Set<string>;
}
