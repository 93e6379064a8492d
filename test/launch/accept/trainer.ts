/**
 * Stands in for the worker's trainer, of SFT and GRPO: reads the plan's configuration, writes what the
 * acceptance kit reads, and on SIGTERM saves at the next step and ends with 75, as the real one does.
 *
 * usage: node trainer.ts SFT|GRPO CONFIG, in a run folder; R1SGG_TEST_BREAK names what goes wrong
 */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

interface Config {
  readonly steps: number;
  readonly checkpoints: { readonly dir: string; readonly every_steps?: number };
  readonly logprob_tolerance?: number;
}
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;

const [stage = "", path = ""] = process.argv.slice(2);
const { steps, checkpoints, logprob_tolerance: tolerance } = readJson<Config>(path);
const broken = process.env.R1SGG_TEST_BREAK ?? "";
let asked = false;
process.on("SIGTERM", () => {
  asked = true;
});

const say = (line: object): void =>
  appendFileSync("progress/trainer.jsonl", `${JSON.stringify(line)}\n`);
function save(step: number): void {
  const [partial, last] = [`${checkpoints.dir}/.partial`, `${checkpoints.dir}/checkpoint-${step}`];
  mkdirSync(partial, { recursive: true });
  writeFileSync(
    `${partial}/manifest.json`,
    JSON.stringify({ step, files: { model: { bytes: 9 } } }),
  );
  renameSync(partial, last);
}
const saved = Math.max(
  0,
  ...readdirSync(checkpoints.dir).map((name) => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? 0)),
);
const samplers =
  stage === "grpo"
    ? readJson<{ samplers: readonly { url: string }[] }>("endpoints.json").samplers
    : [];
const record = {
  ...{ logprob_max_abs_diff: 0, tolerance, special_tokens_sampled: 0, events: [] },
  ...{ steps: [] as object[], syncs: [] as object[] },
};
if (saved > 0) Object.assign(record, readJson<object>("train/integrity.json"));
mkdirSync("train", { recursive: true });

if (saved > 0) say({ phase: `resuming from step ${saved}` });
for (let step = saved + 1; step <= steps; step++) {
  for (const { url } of samplers) await (await fetch(`${url}/health`)).text();
  await sleep(30);
  if (broken === `dies-${step}`) process.exit(5);
  const diff = broken === "weights" ? 0.9 : 1e-6;
  const step_s = { "time/step_s": 0.03, "sampling/sampling_logp_difference/max": diff };
  say({ step, of: steps, loss: 1 / step, reward: 0.5, grad_norm: 1, ...step_s });
  const probed = Object.fromEntries(samplers.map(({ url }) => [url, diff]));
  record.steps.push({ step, logprob_max_abs_diff: diff, tokens: 10, probed });
  record.syncs.push({ version: step, seconds: 0.1, bytes: 1e6, samplers: samplers.length });
  if (stage === "grpo") writeFileSync("train/integrity.json", JSON.stringify(record));
  const { every_steps: every } = checkpoints;
  if (every !== undefined && (step % every === 0 || asked)) save(step);
  // However slow the machine, it is not done before the kit has seen the checkpoint.
  while (every === step && saved === 0 && !asked) await sleep(20);
  if (asked) process.exit(75);
}
mkdirSync(`${checkpoints.dir}/final`, { recursive: true });
