import { join } from "node:path";
import { readClasses } from "../../data/class-list.ts";
import { streamDataset } from "../../data/load.ts";
import { buildQuestions } from "../../data/vqa/build.ts";
import type { RunInput } from "../../plan/run-input.ts";

/** Makes the four-way questions of rows that are in the run folder. Errors: those of `buildQuestions` */
export async function writeQuestions(
  { rows, classes, seed, limit, images }: Extract<RunInput, { readonly kind: "questions" }>,
  out: string,
  { runDir, signal }: { readonly runDir: string; readonly signal: AbortSignal },
): Promise<void> {
  const { predicates } = await readClasses(classes);
  const from = streamDataset(join(runDir, rows));
  await buildQuestions({
    ...{ rows: from, predicates, seed, out, images, signal },
    ...(limit !== null && { limit }),
  });
}
