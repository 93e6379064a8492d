import { join, relative, resolve } from "node:path";
import { z } from "zod";
import type { Choice, Question } from "../../core/vqa/question.ts";
import { SggError } from "../../errors.ts";
import { readLines } from "../lines.ts";
import { readJson } from "../predictions.ts";
import { realFolder } from "../real-folder.ts";

/** A question with its image: an absolute path, or `FILE.parquet#ROW`. */
export interface StoredQuestion extends Question {
  readonly image_path: string;
}

const asked = z.object({
  name: z.string().min(1),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
const option = z.string().min(1);
const questionSchema = z.object({
  question_id: z.string().min(1),
  image_id: z.string().min(1),
  image_path: z.string().min(1),
  width: z.int().positive(),
  height: z.int().positive(),
  subject: asked,
  object: asked,
  options: z.tuple([option, option, option, option]),
  answer: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
});

/** The file of questions in the folder that `vqa build` makes. */
export const questionFile = (folder: string): string => join(folder, "questions.jsonl");

/** A question as a line of `folder`'s file: the path of its image is relative to that folder. */
export function questionLine(question: StoredQuestion, folder: string): string {
  const image_path = relative(resolve(folder), question.image_path);
  return `${JSON.stringify({ ...question, image_path })}\n`;
}

/**
 * The questions in a folder of `vqa build`, in order.
 *
 * Errors: SggError DATA with the first faulty line, or when there are none
 */
export async function loadQuestions(folder: string): Promise<readonly StoredQuestion[]> {
  const path = questionFile(folder);
  const cannot = (found: string, cause?: unknown) =>
    new SggError("DATA", `Cannot load "${path}": ${found}`, { cause });
  const questions = new Map<string, StoredQuestion>();
  try {
    const real = await realFolder(folder);
    for await (const { number, text } of readLines(path)) {
      const read = readJson(questionSchema, text);
      if ("fault" in read) throw cannot(`line ${number}: ${read.fault}`);
      const { question_id, answer, image_path, ...rest } = read.value;
      if (questions.has(question_id))
        throw cannot(`line ${number}: a second question "${question_id}", expected one`);
      questions.set(question_id, {
        ...{ question_id, ...rest, answer: answer as Choice },
        image_path: resolve(real, image_path),
      });
    }
  } catch (cause) {
    if (cause instanceof SggError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const found = code === "ENOENT" ? "no such file" : message;
    throw cannot(`${found}, expected a folder that "r1sgg vqa build" made`, cause);
  }
  if (questions.size === 0) throw cannot("no questions, expected at least one");
  return [...questions.values()];
}
