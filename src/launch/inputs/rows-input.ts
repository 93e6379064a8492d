import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { ModelFamily, PixelLimits } from "../../core/models/families.ts";
import { readClasses } from "../../data/class-list.ts";
import { hubSettings } from "../../data/hub/settings.ts";
import { loadDataset, type Row } from "../../data/load.ts";
import { findSource } from "../../data/prepare/hf-source.ts";
import { readPrompt } from "../../data/prompts.ts";
import { synthesize } from "../../data/synthesize.ts";
import { writeTrainingRows } from "../../data/training-rows.ts";
import { readUserPrompt, type UserPrompt } from "../../data/user-prompt.ts";
import { SggError } from "../../errors.ts";
import type { PromptChoice, RunInput } from "../../plan/run-input.ts";
import { writeAtomic } from "../../write-atomic.ts";
import type { Teller } from "../smoke-run.ts";

/** Rows as a plan asks for them. */
export type RowsInput = Extract<RunInput, { readonly kind: "rows" }>;

/** Where rows go, whose model reads them, and how long to try. */
export interface RowsPlace {
  /** A new folder: rows.jsonl, or sft.jsonl and grpo.jsonl. */
  readonly out: string;
  readonly model: { readonly family: ModelFamily; readonly limits: PixelLimits } | undefined;
  readonly tell: Teller;
  readonly signal: AbortSignal;
}

/**
 * Writes the rows of an input, in whole or not at all; what is there already is kept.
 *
 * Errors: SggError DATA for faulty rows, and where there are not as many as the recipe states; RECIPE for
 * prompts; those of the Hub
 */
export async function writeRows(input: RowsInput, place: RowsPlace): Promise<void> {
  const { out } = place;
  const started = `${out}.part`;
  await rm(started, { recursive: true, force: true });
  await mkdir(started, { recursive: true });
  const rows = await readRows(input, place);
  if (input.format === "rows" || input.prompt === null) await writeLines(started, rows, out);
  else await writeTraining(input, input.prompt, rows, { ...place, out: started });
  await rename(started, out);
}

async function writeTraining(
  { classes, from: _, ...input }: RowsInput,
  choice: PromptChoice,
  rows: readonly Row[],
  { out, model }: RowsPlace,
): Promise<void> {
  const system = await readPrompt(choice.system);
  const user = await userPrompt(choice.user, classes);
  await writeTrainingRows({
    ...{ rows, out, system: system.text, prompt: user.textOf },
    ...{ think: choice.think, task: choice.task },
    ...(choice.user === "column" && { answers: "column" as const }),
    ...(model && input.format === "grpo" && { model }),
  });
}

/** `closed` with classes that have a name is the closed prompt of those. */
const userPrompt = async (user: string, classes: string | null): Promise<UserPrompt> => {
  if (classes === null || user !== "closed") return readUserPrompt(user);
  if (/[/\\.]/.test(classes)) return readUserPrompt(user, await readClasses(classes));
  return readUserPrompt(`closed-${classes}`);
};

async function readRows(
  { from }: RowsInput,
  { out, tell, signal }: RowsPlace,
): Promise<readonly Row[]> {
  if ("synth" in from) {
    const scenes = join(dirname(out), `scenes-${from.synth.count}-${from.synth.seed}`);
    await rm(scenes, { recursive: true, force: true });
    const { count, seed, ...style } = from.synth;
    await synthesize({ count, seed, style, out: scenes });
    return loadDataset(scenes);
  }
  const all = await loadDataset("path" in from ? from.path : await fetchFolder(from, tell, signal));
  const name = "path" in from ? from.path : from.id;
  if (from.rows !== undefined && from.rows !== all.length)
    throw new SggError(
      "DATA",
      `Cannot use "${name}": ${all.length} rows, expected ${from.rows} as the recipe states`,
    );
  const { skip = 0, first = all.length } = from;
  return all.slice(skip, skip + first);
}

type HubData = Extract<RowsInput["from"], { readonly id: string }>;

async function fetchFolder(
  { id, revision }: HubData,
  { update, end }: Teller,
  signal: AbortSignal,
) {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const { files } = await findSource(
    {
      ...{ source: id, revision, signal },
      onBytes: (done, of) => update(id, `${megabytes(done)} of ${megabytes(of)} MB`),
    },
    hubSettings(),
  );
  end(id);
  return dirname(files[0]!);
}

/** Dataset rows as JSONL, image paths relative to the file at its last place. */
async function writeLines(folder: string, rows: readonly Row[], last: string): Promise<void> {
  const lines = rows.map(({ image_path, ...row }) =>
    JSON.stringify({ ...row, ...(image_path && { image_path: relative(last, image_path) }) }),
  );
  await writeAtomic(join(folder, "rows.jsonl"), `${lines.join("\n")}\n`);
}
