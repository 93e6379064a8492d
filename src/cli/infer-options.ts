import { readClasses } from "../data/class-list.ts";
import { readPrompt } from "../data/prompts.ts";
import { readUserPrompt } from "../data/user-prompt.ts";
import { SggError } from "../errors.ts";
import type { Asking, Pixels } from "../infer/question.ts";

/** What `r1sgg infer` is told. */
export interface InferFlags {
  readonly dataset: string;
  readonly out: string;
  readonly servers?: readonly string[];
  readonly launch?: number;
  readonly model?: string;
  readonly family: string;
  readonly system: string;
  readonly prompt: string;
  readonly classes?: string;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly resize: Pixels["resize"];
  readonly concurrency: number;
  readonly timeout: number;
  readonly patience: number;
  readonly device: "auto" | "cpu" | "cuda";
  readonly maxModelLen?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Refuses options that do not go together.
 *
 * Errors: SggError USAGE.
 */
export function checkFlags(
  flags: Pick<InferFlags, "servers" | "launch" | "model" | "minPixels" | "maxPixels">,
  given: (name: string) => boolean,
): void {
  const { servers, launch, model, minPixels, maxPixels } = flags;
  if ((servers === undefined) === (launch === undefined))
    throw cannot(servers ? "both --servers and --launch" : "no server", "--servers or --launch");
  if (launch !== undefined && model === undefined)
    throw cannot("--launch without --model", "a model's folder or Hub id to serve");
  const idle = launch === undefined ? ["device", "maxModelLen"] : ["resize"];
  const wrong = idle.find(given);
  if (wrong !== undefined)
    throw cannot(
      `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} with ${launch === undefined ? "servers that run already" : "--launch, which tells the servers the pixels"}`,
      "it left out",
    );
  if (minPixels > maxPixels)
    throw cannot(`--min-pixels ${minPixels} above --max-pixels ${maxPixels}`, "at most as many");
}

const cannot = (found: string, expected: string): SggError =>
  new SggError("USAGE", `Cannot infer: ${found}, expected ${expected}`);

/** How images are asked about, but for the family, and the prompts' versions. */
export async function readAsking(flags: InferFlags): Promise<{
  readonly asking: Omit<Asking, "family">;
  readonly versions: string;
}> {
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes);
  const system = await readPrompt(flags.system);
  const prompt = await readUserPrompt(flags.prompt, classes);
  const { minPixels, maxPixels } = flags;
  const resize = flags.launch === undefined ? flags.resize : "server";
  const sampling = {
    temperature: flags.temperature,
    top_k: flags.topK,
    top_p: flags.topP,
    max_tokens: flags.maxTokens,
  };
  const pixels = { minPixels, maxPixels, resize };
  return {
    asking: { system: system.text, prompt: prompt.textOf, sampling, pixels },
    versions: `prompts ${system.version} ${prompt.version}`,
  };
}

/** Reads a list of servers. Errors: SggError USAGE. */
export function urls(text: string, before: readonly string[] = []): readonly string[] {
  const added = text
    .split(",")
    .map((url) => url.trim().replace(/\/+$/, ""))
    .filter((url) => url !== "");
  const list = [...before, ...added];
  for (const url of list)
    if (!/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) throw notUrl(url);
  if (added.length === 0) throw notUrl(text);
  const twice = list.find((url, at) => list.indexOf(url) < at);
  if (twice === undefined) return list;
  throw new SggError("USAGE", `Cannot use server "${twice}": given twice, expected it once`);
}

const notUrl = (url: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot use server "${url}": no URL, expected for example http://127.0.0.1:8000`,
  );
