import { Command } from "commander";
import { readClasses } from "../data/class-list.ts";
import { imageDataUrl } from "../data/image.ts";
import { loadDataset } from "../data/load.ts";
import { readPrompt } from "../data/prompts.ts";
import { readUserPrompt } from "../data/user-prompt.ts";
import { SggError } from "../errors.ts";
import { paperSampling, type Sampling, toChatRequest } from "../infer/chat.ts";
import { type InferProgress, infer } from "../infer/infer.ts";
import { servedModel } from "../infer/servers.ts";
import type { Io } from "./io.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";

interface InferFlags {
  readonly dataset: string;
  readonly servers: readonly string[];
  readonly out: string;
  readonly model?: string;
  readonly system: string;
  readonly prompt: string;
  readonly classes?: string;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly concurrency: number;
  readonly dryRun?: true;
}

/** `r1sgg infer`: images in, predictions.jsonl out, from vLLM servers that run. */
export const inferCommand = (io: Io): Command =>
  new Command("infer")
    .description(
      "ask running vLLM servers for the scene graph of every image; goes on where it stopped",
    )
    .requiredOption("--dataset <path>", "a .jsonl or .parquet file, or a folder that holds one set")
    .requiredOption(
      "--servers <urls>",
      "for example http://127.0.0.1:8000,http://127.0.0.1:8001",
      urls,
    )
    .requiredOption("--out <file>", "predictions.jsonl; what it holds is not asked again")
    .option("--model <name>", "the served model; asked from each server when left out")
    .option("--system <prompt>", "system-short, system-think, or a file", "system-short")
    .option("--prompt <prompt>", "open, closed-vg150, closed-psg, or a file", "open")
    .option("--classes <list>", "the classes of a closed prompt: vg150, psg, or a JSON file")
    .option("--temperature <t>", "", finiteNumber, paperSampling.temperature)
    .option("--top-k <k>", "", wholeNumber(0), paperSampling.top_k)
    .option("--top-p <p>", "", finiteNumber, paperSampling.top_p)
    .option("--max-tokens <n>", "the longest answer", wholeNumber(1), paperSampling.max_tokens)
    .option("--concurrency <n>", "requests under way, for each server", wholeNumber(1), 16)
    .option("--dry-run", "print the first request and send nothing")
    .action(async (flags: InferFlags) => run(flags, io));

async function run(flags: InferFlags, { print, warn }: Io): Promise<void> {
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes);
  const system = await readPrompt(flags.system);
  const prompt = await readUserPrompt(flags.prompt, classes);
  const rows = await loadDataset(flags.dataset);
  const sampling: Sampling = {
    temperature: flags.temperature,
    top_k: flags.topK,
    top_p: flags.topP,
    max_tokens: flags.maxTokens,
  };
  const question = { system: system.text, prompt: prompt.textOf, sampling };
  if (flags.dryRun) {
    const image = shortened(await imageDataUrl(rows[0]!.image_path!));
    const model = flags.model ?? "(asked from the server)";
    const body = toChatRequest({ ...question, prompt: prompt.textOf(rows[0]!), model, image });
    const url = `${flags.servers[0]}/v1/chat/completions`;
    print(`${JSON.stringify({ method: "POST", url, body }, undefined, 2)}\n`);
    return;
  }
  const servers = await Promise.all(
    flags.servers.map(async (url) => ({ url, model: flags.model ?? (await servedModel(url)) })),
  );
  const { out, concurrency } = flags;
  const say = (text: string) => warn(`infer: ${text}\n`);
  const onProgress = progressLines(say);
  const { of, kept } = await infer({
    rows,
    servers,
    out,
    ...question,
    concurrency,
    say,
    onProgress,
  });
  say(`${of} images, ${of - kept} of them asked now; prompts ${system.version} ${prompt.version}`);
  print(`${out}\n`);
}

/** Says how far it is at every tenth of the way. */
function progressLines(say: (text: string) => void) {
  let said = -1;
  return ({ done, of }: InferProgress) => {
    const tenth = Math.floor((done * 10) / of);
    if (tenth === said) return;
    said = tenth;
    say(`${done} of ${of} images`);
  };
}

const shortened = (dataUrl: string): string =>
  dataUrl.length <= 80 ? dataUrl : `${dataUrl.slice(0, 60)}… (${dataUrl.length} characters)`;

function urls(text: string): readonly string[] {
  const list = text
    .split(",")
    .map((url) => url.trim().replace(/\/+$/, ""))
    .filter((url) => url !== "");
  for (const url of list) if (!/^https?:\/\/\S+$/.test(url)) throw notUrl(url);
  if (list.length === 0) throw notUrl(text);
  return list;
}

const notUrl = (url: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot use server "${url}": no URL, expected for example http://127.0.0.1:8000`,
  );
