import { z } from "zod";
import { predictedGraph } from "../core/graph/predicted-graph.ts";
import type { Parsed, Target } from "../core/graph/scene-graph.ts";
import type { EvaluationRow } from "../core/metrics/judge.ts";
import { SggError } from "../errors.ts";
import { type AnswerText, openAnswerTexts } from "./answer-texts.ts";

const predictionSchema = z.object({
  image_id: z.string().min(1),
  response: z.string(),
  box_scale: z.tuple([z.number().positive(), z.number().positive()]).optional(),
});

/** A model's answer to one image; its boxes go up to `box_scale`, width first. */
export type Prediction = z.infer<typeof predictionSchema>;

/**
 * What boxes go up to where an answer does not say.
 *
 * Source: R1-SGG e4de64d `sgg_gather_preds.py`; Qwen2-VL's own scale
 */
export const defaultBoxScale = [1000, 1000] as const;

/**
 * The answers of a predictions file, by image.
 *
 * `path` is a JSONL file, or a folder of `<image_id>.json`.
 *
 * Errors: SggError DATA with the first 20 faults and how many there are.
 */
export async function loadPredictions(path: string): Promise<ReadonlyMap<string, Prediction>> {
  const answers = new Map<string, Prediction>();
  const faults: string[] = [];
  const { texts, close } = await openAnswerTexts(path);
  try {
    for await (const text of texts) {
      const read = readPrediction(text, answers);
      if ("fault" in read) faults.push(read.fault);
      else answers.set(read.value.image_id, read.value);
    }
  } finally {
    await close();
  }
  if (faults.length > 0) throw badPredictions(path, faults);
  return answers;
}

/** Reads one answer; `seen` holds the images that have one already. */
export function readPrediction(
  { where, text }: AnswerText,
  seen: { readonly has: (imageId: string) => boolean },
): { readonly value: Prediction } | { readonly fault: string } {
  const parsed = readJson(predictionSchema, text);
  if ("fault" in parsed) return { fault: `${where}: ${parsed.fault}` };
  const { image_id } = parsed.value;
  if (seen.has(image_id)) {
    return { fault: `${where}: a second answer to "${image_id}", expected one` };
  }
  return parsed;
}

/** What is wrong with a predictions file, in one error. */
export const badPredictions = (path: string, faults: readonly string[]): SggError =>
  new SggError("DATA", `Cannot load "${path}": ${listed(faults)}`);

/** What is wrong when answers belong to no image of the dataset. */
export const strayPredictions = (path: string, ids: readonly string[]): SggError => {
  const faults = ids.map((id) => `"${id}" is no image of the dataset`);
  return new SggError("DATA", `Cannot evaluate "${path}": ${listed(faults)}`);
};

/**
 * Each image of the dataset with its answer read as a graph; undefined where there is none.
 *
 * `path` is where the answers came from, for the message.
 *
 * Errors: SggError DATA when an answer belongs to no image of the dataset.
 */
export function toEvaluationRows(
  rows: readonly Target[],
  answers: ReadonlyMap<string, Prediction>,
  path: string,
): readonly EvaluationRow[] {
  const known = new Set(rows.map(({ image_id }) => image_id));
  const strays = [...answers.keys()].filter((id) => !known.has(id));
  if (strays.length > 0) throw strayPredictions(path, strays);
  return rows.map((target) => {
    const answer = answers.get(target.image_id);
    return { target, prediction: answer && graphOf(answer, target) };
  });
}

/** An answer as a graph in pixels of its image, or why it is none. */
export const graphOf = ({ response, box_scale }: Prediction, target: Target): Parsed =>
  predictedGraph(response, box_scale ?? defaultBoxScale, target);

/** Reads a text as JSON of a schema: the value, or what is wrong in one line. */
export function readJson<T>(
  schema: z.ZodType<T>,
  text: string,
): { readonly value: T } | { readonly fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return { fault: `broken JSON (${(cause as SyntaxError).message}), expected a JSON object` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  return { fault: issues.join("; ") };
}

function listed(faults: readonly string[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const more = faults.length > 20 ? [`and ${faults.length - 20} more`] : [];
  return [`${count}, expected none`, ...faults.slice(0, 20), ...more].join("\n  ");
}
