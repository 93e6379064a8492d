import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { vqaPrompt } from "../core/vqa/prompt.ts";
import { type Setting, settings } from "../core/vqa/setting.ts";
import { readPrompt } from "../data/prompts.ts";
import type { Row } from "../data/row.ts";
import { imageMasker } from "../data/vqa/masked-image.ts";
import { loadQuestions, type StoredQuestion } from "../data/vqa/question-file.ts";
import { SggError } from "../errors.ts";
import { checkAnswered } from "../infer/unanswered.ts";
import { withPatienceOptions, withPixelOptions, withServerOptions } from "./ask-options.ts";
import { type AskedSet, type AskFlags, askSets } from "./ask-sets.ts";
import { openBoard } from "./board.ts";
import { checkFlags, type InferFlags } from "./infer-options.ts";
import { inferSummary } from "./infer-progress.ts";
import type { Io } from "./io.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";
import { showProgress, terminal } from "./progress.ts";

interface RunFlags
  extends AskFlags,
    Pick<InferFlags, "minPixels" | "maxPixels" | "resize" | "temperature" | "maxTokens"> {
  readonly questions: string;
  readonly out: string;
  readonly settings: readonly Setting[];
  readonly system?: string;
}

/** `r1sgg vqa run`: the answers of a model to the questions, setting by setting. */
export const vqaRunCommand = (io: Io): Command => {
  const command = new Command("run")
    .description("ask a model through vLLM servers; goes on where it stopped")
    .requiredOption("--questions <dir>", 'the folder of "vqa build"')
    .requiredOption("--out <dir>", "gets <setting>.jsonl; what is there is not asked again")
    .option("--settings <names>", names.join(", "), chosen, settings);
  withServerOptions(command)
    .option("--system <prompt>", "a prompt's name or file; the model's own when left out")
    .option("--temperature <t>", "0: always the likeliest token", finiteNumber, 0)
    .option("--max-tokens <n>", "the longest answer", wholeNumber(1), 128);
  return withPatienceOptions(withPixelOptions(command)).action(
    async (flags: RunFlags, asked: Command) => {
      checkFlags(flags, (name) => asked.getOptionValueSource(name) === "cli");
      await run(flags, io);
    },
  );
};

async function run(flags: RunFlags, io: Io): Promise<void> {
  const questions = await loadQuestions(flags.questions);
  const system = flags.system === undefined ? "" : (await readPrompt(flags.system)).text;
  const masked = imageMasker(await seedOf(flags.questions));
  const byId = new Map(questions.map((one) => [one.question_id, one]));
  const sets = flags.settings.map((setting) => toSet(setting, byId, masked, system, flags));
  const board = openBoard(showProgress(terminal(io)));
  try {
    const ends = await askSets(flags, sets, board);
    for (const [at, end] of ends.entries())
      board.say(`${sets[at]!.name}: ${inferSummary(end)[0]!.replace("images", "questions")}`);
    io.print(`${flags.out}\n`);
    for (const [at, { of, unanswered }] of ends.entries())
      checkAnswered(sets[at]!.out, of, unanswered);
  } finally {
    board.close();
  }
}

/** A setting's questions as rows to ask about: each has the question's id for its image's. */
function toSet(
  setting: Setting,
  byId: ReadonlyMap<string, StoredQuestion>,
  masked: ReturnType<typeof imageMasker>,
  system: string,
  { out, minPixels, maxPixels, resize, launch, temperature, maxTokens }: RunFlags,
): AskedSet {
  const of = (row: Row) => byId.get(row.image_id)!;
  return {
    name: setting.name,
    out: join(out, `${setting.name}.jsonl`),
    rows: Array.from(byId.values(), ({ question_id, image_path, width, height }) => ({
      ...{ image_id: question_id, image_path, width, height, objects: [], relationships: [] },
    })),
    part: {
      system,
      prompt: (row) => vqaPrompt(of(row), setting),
      image: (row) => masked(of(row).image_path, of(row), setting.mask),
      sampling: { temperature, top_k: 0, top_p: 1, max_tokens: maxTokens },
      pixels: { minPixels, maxPixels, resize: launch === undefined ? resize : "server" },
    },
  };
}

/** The seed of the questions, which noise is drawn from too. */
async function seedOf(folder: string): Promise<number> {
  const path = join(folder, "vqa.json");
  const facts = z.object({ seed: z.int().nonnegative() });
  try {
    return facts.parse(JSON.parse(await readFile(path, "utf8"))).seed;
  } catch (cause) {
    const { message } = cause as Error;
    throw new SggError(
      "DATA",
      `Cannot load "${path}": ${message.split("\n")[0]}, expected a seed`,
      {
        cause,
      },
    );
  }
}

const names = settings.map(({ name }) => name);

/** Reads a list of settings. Errors: SggError USAGE. */
function chosen(text: string): readonly Setting[] {
  const wanted = text.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new SggError(
      "USAGE",
      `Cannot ask in setting "${unknown}": unknown, expected ${names.join(", ")}`,
    );
  return settings.filter(({ name }) => wanted.includes(name));
}
