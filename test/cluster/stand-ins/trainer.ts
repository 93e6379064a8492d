/**
 * Stands in for the Python worker on one node, and speaks as it does: progress lines, checkpoints that
 * appear whole, resume from the last of them; SIGUSR1 asks to save and exit with 75.
 *
 * usage: node trainer.ts CONFIG NODE, where CONFIG is a JSON file of the run folder
 * Node 0 is the main process: it alone writes. The others go along until its last checkpoint is there.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

interface Config {
  readonly steps: number;
  readonly stepMs: number;
  readonly checkpointEvery: number;
  /** It stands still in this step, for ever. */
  readonly hangAt?: number;
  /** After its tenth step it waits while a file of this name is there. */
  readonly holdWhile?: string;
  /** It does not hear SIGTERM. */
  readonly deaf?: boolean;
  /** It keeps a model, an empty folder, every so many steps. */
  readonly keepEvery?: number;
  /** A folder that it makes at its end. */
  readonly final?: string;
}

const [path = "", node = ""] = process.argv.slice(2);
const config = JSON.parse(readFileSync(path, "utf8")) as Config;
const isMain = node === "0";
let asked: "save" | "end" | undefined;
process.on("SIGUSR1", () => {
  console.log("SIGUSR1: saving after this step");
  asked = "save";
});
process.on("SIGTERM", () => {
  console.log("SIGTERM");
  if (config.deaf !== true) asked = "end";
});

const saved = (): number => {
  const names = existsSync("checkpoints") ? readdirSync("checkpoints") : [];
  return Math.max(0, ...names.map((name) => Number(/^step-(\d+)$/.exec(name)?.[1] ?? 0)));
};

function save(step: number): void {
  const partial = "checkpoints/.partial";
  mkdirSync(partial, { recursive: true });
  writeFileSync(`${partial}/state.json`, JSON.stringify({ step }));
  renameSync(partial, `checkpoints/step-${step}`);
}

const say = (line: Readonly<Record<string, unknown>>): void =>
  appendFileSync(
    "progress/grpo.jsonl",
    `${JSON.stringify({ ...line, time: Date.now() / 1000 })}\n`,
  );

async function askServices(): Promise<void> {
  if (!existsSync("endpoints.json")) return;
  const { reward, samplers } = JSON.parse(readFileSync("endpoints.json", "utf8")) as {
    readonly reward: { readonly url: string };
    readonly samplers: readonly { readonly url: string }[];
  };
  for (const { url } of [reward, ...samplers]) {
    const answer = await fetch(`${url}/health`);
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    await answer.body?.cancel();
  }
}

let step = saved();
if (isMain) {
  mkdirSync("progress", { recursive: true });
  say({
    phase: step === 0 ? "starting" : `resuming from step ${step}`,
    gpus: process.env.CUDA_VISIBLE_DEVICES,
  });
}
while (isMain ? step < config.steps : saved() < config.steps) {
  await delay(config.stepMs);
  if (asked === "save") {
    if (isMain && step > saved()) save(step);
    process.exit(75);
  }
  if (asked === "end") process.exit(143);
  if (!isMain) continue;
  await askServices();
  step += 1;
  if (step === config.hangAt) await new Promise((resolve) => setTimeout(resolve, 1e9));
  say({ step, of: config.steps, loss: 1 / step, reward: step / config.steps });
  if (config.keepEvery && step % config.keepEvery === 0)
    mkdirSync(`checkpoints/model-${step}`, { recursive: true });
  while (step === 10 && existsSync(config.holdWhile ?? "") && asked === undefined) await delay(100);
  if (step % config.checkpointEvery === 0 || step === config.steps) save(step);
}
if (config.final !== undefined) mkdirSync(config.final, { recursive: true });
