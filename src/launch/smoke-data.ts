import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { loadDataset, type Row } from "../data/load.ts";
import { type Prompt, readPrompt } from "../data/prompts.ts";
import { realFolder } from "../data/real-folder.ts";
import { synthesize } from "../data/synthesize.ts";
import { writeTrainingRows } from "../data/training-rows.ts";
import { readUserPrompt, type UserPrompt } from "../data/user-prompt.ts";
import type { SmokePlan } from "../plan/smoke-plan.ts";
import { writeAtomic } from "../write-atomic.ts";

/**
 * The data stage: `data/{train,val}.jsonl` and the rows that SFT and GRPO read.
 *
 * Drawn scenes are split into training and validation. Of the user's rows the last ones are held
 * out when there are at least twice as many as validation takes; a handful is trained on and
 * evaluated alike, which proves the chain and nothing about the model.
 *
 * Errors: SggError DATA with every fault of the user's rows.
 */
export async function prepareSmokeData(plan: SmokePlan, runDir: string): Promise<void> {
  const { seed, data, prompt } = plan.recipe;
  const folder = join(runDir, "data");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const scenes = join(folder, "scenes");
  const count = data.train + data.validation;
  if (!plan.data) await synthesize({ count, seed, out: scenes });
  const rows = await loadDataset(plan.data?.path ?? scenes);
  const heldOut = rows.length >= 2 * data.validation;
  const val = heldOut ? rows.slice(-data.validation) : rows.slice(0, data.validation);
  const train = (heldOut ? rows.slice(0, -data.validation) : rows).slice(0, data.train);
  const split: SplitSizes = { train: train.length, validation: val.length, held_out: heldOut };
  await writeAtomic(join(folder, "split.json"), `${JSON.stringify(split)}\n`);
  await writeRows(join(folder, "train.jsonl"), train);
  await writeRows(join(folder, "val.jsonl"), val);
  const system = await readPrompt(prompt.system);
  const user = await readUserPrompt(prompt.user);
  await writeAtomic(
    join(folder, "prompts.json"),
    `${JSON.stringify(promptsUsed(system, user, train), null, 2)}\n`,
  );
  await writeTrainingRows({
    rows: atLeast(plan.recipe.grpo.prompts_per_step, train),
    out: folder,
    system: system.text,
    prompt: user.textOf,
    think: prompt.think,
  });
}

/** Which prompts the rows are asked with, by name and version, and who wrote them. */
function promptsUsed(system: Prompt, user: UserPrompt, rows: readonly Row[]) {
  const sources = Object.groupBy(rows.map(user.sourceOf), (source) => source);
  const counts = Object.entries(sources).map(([source, list]) => [source, list.length] as const);
  return {
    system: { name: system.name, version: system.version },
    user: { name: user.name, version: user.version, rows: Object.fromEntries(counts) },
  };
}

/** The rows, over again until there are enough: TRL passes over a step that it cannot fill. */
const atLeast = (count: number, rows: readonly Row[]): readonly Row[] =>
  rows.length >= count ? rows : Array.from({ length: count }, (_, i) => rows[i % rows.length]!);

/** Dataset rows as JSONL, image paths relative to the file. */
async function writeRows(path: string, rows: readonly Row[]): Promise<void> {
  const folder = await realFolder(dirname(path));
  const lines = rows.map(({ image_path, ...row }) =>
    JSON.stringify({
      ...row,
      ...(image_path && { image_path: relative(folder, image_path) }),
    }),
  );
  await writeAtomic(path, `${lines.join("\n")}\n`);
}

/** How many images a run trains on and evaluates on; `held_out` when they are different ones. */
export interface SplitSizes {
  readonly train: number;
  readonly validation: number;
  readonly held_out: boolean;
}

/** What the data stage made of the rows. */
export const readSplit = async (runDir: string): Promise<SplitSizes> =>
  JSON.parse(await readFile(join(runDir, "data", "split.json"), "utf8")) as SplitSizes;

/** Path of an image that vLLM is asked about before it counts as ready. */
export async function probeImage(runDir: string): Promise<string> {
  const [row] = await validationRows(runDir);
  return row!.image_path!; // the data stage writes at least one row, each with its image
}

/** The validation rows of a run, images not opened. */
export const validationRows = (runDir: string): Promise<readonly Row[]> =>
  loadDataset(join(runDir, "data", "val.jsonl"), { images: false });
