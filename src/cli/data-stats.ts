import { Command, Option } from "commander";
import type { ResizeLimits } from "../core/geometry/smart-resize.ts";
import { datasetStats, type TokenLimits } from "../core/statistics/dataset-stats.ts";
import type { Think } from "../data/answer.ts";
import { readClasses } from "../data/class-list.ts";
import { hubSettings } from "../data/hub/settings.ts";
import { readPrompt } from "../data/prompts.ts";
import { datasetFiles } from "../data/shards.ts";
import { gatherFacts } from "../data/stats/gather.ts";
import { rowTokens } from "../data/stats/row-tokens.ts";
import { loadTokenizer } from "../data/stats/tokenizer.ts";
import { readUserPrompt } from "../data/user-prompt.ts";
import { SggError } from "../errors.ts";
import { statsText } from "../report/stats-text.ts";
import { writeDataPage } from "./data-page.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { showProgress } from "./progress.ts";

/** What `r1sgg data stats` is asked. */
interface StatsFlags {
  readonly model: keyof typeof models;
  readonly tokenizer?: string;
  readonly system: string;
  readonly prompt: string;
  readonly classes?: string;
  readonly think: Think;
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly maxPromptLength: number;
  readonly maxCompletionLength: number;
  readonly maxModelLen: number;
  readonly json?: true;
  readonly html?: string;
  readonly sample: number;
  readonly seed: number;
}

/** Pixels of a token's side: patches of 14, two by two. Source: the models' preprocessor_config.json */
const models = { "qwen2-vl": 28, "qwen2.5-vl": 28 } as const;

/** What the release trains with. Source: R1-SGG e4de64d, launch scripts. */
const release = { minPixels: 4 * 28 * 28, maxPixels: 512 * 28 * 28 };

/** `r1sgg data stats`: what a dataset is like, and what it costs in tokens. */
export const statsCommand = (io: Io): Command =>
  new Command("stats")
    .description(
      "counts, long tail, sizes, and the tokens of every row against the limits of a run",
    )
    .argument("<path>", "a .jsonl or .parquet file, or a folder that holds one set of them")
    .addOption(
      new Option("--model <family>", "whose processor cuts the image")
        .choices(Object.keys(models))
        .default("qwen2-vl"),
    )
    .option(
      "--tokenizer <model>",
      "a model's folder, its tokenizer.json, or a Hub id; without it only images are counted",
    )
    .option("--system <prompt>", "system-short, system-think, or a file", "system-think")
    .option("--prompt <prompt>", "open, closed-vg150, closed-psg, det, cls, or a file", "open")
    .option("--classes <list>", "the classes of a closed prompt: vg150, psg, or a JSON file")
    .addOption(
      new Option("--think <how>", "what the answer says first")
        .choices(["none", "objects", "column"])
        .default("none"),
    )
    .option("--min-pixels <n>", "an image has at least", wholeNumber(1), release.minPixels)
    .option("--max-pixels <n>", "and at most", wholeNumber(1), release.maxPixels)
    .option("--max-prompt-length <n>", "in tokens", wholeNumber(1), 2048)
    .option("--max-completion-length <n>", "in tokens", wholeNumber(1), 1024)
    .option("--max-model-len <n>", "prompt and answer, in tokens", wholeNumber(1), 4096)
    .option("--json", "print everything as JSON")
    .option("--html <file>", "write a page with plots and a sample of the images")
    .option("--sample <n>", "how many images the page shows", wholeNumber(0), 24)
    .option("--seed <n>", "which images the page shows", wholeNumber(0), 0)
    .action(async (path: string, flags: StatsFlags) => run(path, flags, io));

async function run(path: string, flags: StatsFlags, { print, warn }: Io): Promise<void> {
  const limits: ResizeLimits = {
    factor: models[flags.model],
    minPixels: flags.minPixels,
    maxPixels: flags.maxPixels,
  };
  const asked = flags.tokenizer === undefined ? undefined : await askedWith(flags.tokenizer, flags);
  const progress = showProgress();
  const files = await datasetFiles(path);
  const { facts, sample, faulty } = await gatherFacts(files, {
    ...{ limits, tokensOf: asked && rowTokens(asked.counter, asked, limits) },
    ...{ sample: flags.html === undefined ? 0 : flags.sample, seed: flags.seed },
    onRows: (rows) => {
      if (rows % 4000 === 0) progress.update("count", `${rows} rows`);
    },
  }).finally(progress.stop);
  if (facts.ids.length === 0) throw nothingToCount(path, faulty);
  const stats = datasetStats(facts, tokenLimits(flags));
  if (faulty > 0) warn(`not counted, for their faults: ${faulty} rows (r1sgg data check)\n`);
  const how = {
    ...{ model: flags.model, min_pixels: flags.minPixels, max_pixels: flags.maxPixels },
    ...(asked ? asked.how : { tokenizer: null }),
  };
  if (flags.json) print(`${JSON.stringify({ path, faulty, ...how, ...stats }, undefined, 2)}\n`);
  else {
    print(`${path}: ${stats.rows} rows\n${statsText(stats)}`);
    if (!asked) warn("tokens of texts are not counted: --tokenizer names a model's folder\n");
  }
  if (flags.html !== undefined) await writeDataPage(flags.html, { path, how, stats, sample });
}

function nothingToCount(path: string, faulty: number): SggError {
  const found =
    faulty === 0 ? "no rows" : `faults in all ${faulty} rows (r1sgg data check lists them)`;
  return new SggError("DATA", `Cannot count "${path}": ${found}, expected a row without a fault`);
}

async function askedWith(tokenizer: string, flags: StatsFlags) {
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes);
  const system = await readPrompt(flags.system);
  const prompt = await readUserPrompt(flags.prompt, classes);
  const counter = await loadTokenizer(tokenizer, hubSettings());
  const said = {
    system: `${system.name} ${system.version}`,
    prompt: `${prompt.name} ${prompt.version}`,
  };
  return {
    counter,
    how: { tokenizer: counter.path, ...said, think: flags.think },
    ...{ system: system.text, promptOf: prompt.textOf, think: flags.think },
  };
}

const tokenLimits = (flags: StatsFlags): TokenLimits => ({
  max_prompt_length: flags.maxPromptLength,
  max_completion_length: flags.maxCompletionLength,
  max_model_len: flags.maxModelLen,
});
