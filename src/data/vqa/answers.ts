import { existsSync } from "node:fs";
import { z } from "zod";
import type { Question } from "../../core/vqa/question.ts";
import { readLines } from "../lines.ts";
import { badPredictions, readJson } from "../predictions.ts";

/** A line of `vqa run` is one of `infer`: the question stands where the image does. */
const answerSchema = z
  .union([
    z.object({ question_id: z.string().min(1), response: z.string() }),
    z.object({ image_id: z.string().min(1), response: z.string() }),
  ])
  .transform((line) => ({
    question_id: "question_id" in line ? line.question_id : line.image_id,
    response: line.response,
  }));

/**
 * The answers to questions by question_id; undefined when there is no such file.
 *
 * Errors: SggError DATA with the first 20 faults: lines that are none, a second answer, an answer
 * to no question
 */
export async function loadVqaAnswers(
  path: string,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!existsSync(path)) return undefined;
  const known = new Set(questions.map(({ question_id }) => question_id));
  const answers = new Map<string, string>();
  const faults: string[] = [];
  for await (const { number, text } of readLines(path)) {
    const read = readJson(answerSchema, text);
    if ("fault" in read) faults.push(`line ${number}: ${read.fault}`);
    else if (answers.has(read.value.question_id))
      faults.push(`line ${number}: a second answer to "${read.value.question_id}", expected one`);
    else if (!known.has(read.value.question_id))
      faults.push(`line ${number}: "${read.value.question_id}" is no question of the set`);
    else answers.set(read.value.question_id, read.value.response);
  }
  if (faults.length > 0) throw badPredictions(path, faults);
  return answers;
}
