import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { predictedGraph } from "../core/graph/predicted-graph.ts";
import type { Target } from "../core/graph/scene-graph.ts";
import type { EvaluationRow } from "../core/metrics/evaluate.ts";
import { SggError } from "../errors.ts";
import { readLines } from "./lines.ts";

const predictionSchema = z.object({
  image_id: z.string().min(1),
  response: z.string(),
  box_scale: z.tuple([z.number().positive(), z.number().positive()]),
});

/** A model's answer to one image; its boxes go up to `box_scale`, width first. */
export type Prediction = z.infer<typeof predictionSchema>;

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
  for await (const { where, text } of predictionTexts(path)) {
    const parsed = readJson(predictionSchema, text);
    if ("fault" in parsed) faults.push(`${where}: ${parsed.fault}`);
    else if (answers.has(parsed.value.image_id))
      faults.push(`${where}: a second answer to "${parsed.value.image_id}", expected one`);
    else answers.set(parsed.value.image_id, parsed.value);
  }
  if (faults.length === 0) return answers;
  throw new SggError("DATA", `Cannot load "${path}": ${listed(faults)}`);
}

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
  if (strays.length > 0) {
    const faults = strays.map((id) => `"${id}" is no image of the dataset`);
    throw new SggError("DATA", `Cannot evaluate "${path}": ${listed(faults)}`);
  }
  return rows.map((target) => {
    const answer = answers.get(target.image_id);
    return {
      target,
      prediction: answer && predictedGraph(answer.response, answer.box_scale, target),
    };
  });
}

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

async function* predictionTexts(path: string): AsyncGenerator<{ where: string; text: string }> {
  try {
    if (!(await stat(path)).isDirectory()) {
      for await (const { number, text } of readLines(path)) yield { where: `line ${number}`, text };
      return;
    }
    for (const name of (await readdir(path)).filter((one) => one.endsWith(".json")).sort())
      yield { where: name, text: await readFile(join(path, name), "utf8") };
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    const found = cause.code === "ENOENT" ? "nothing there" : cause.message;
    const expected = "predictions.jsonl or a folder of <image_id>.json";
    throw new SggError("DATA", `Cannot load "${path}": ${found}, expected ${expected}`, { cause });
  }
}

function listed(faults: readonly string[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const more = faults.length > 20 ? [`and ${faults.length - 20} more`] : [];
  return [`${count}, expected none`, ...faults.slice(0, 20), ...more].join("\n  ");
}
