import { join } from "node:path";
import { qwen2Vl } from "../core/models/families.ts";
import { readPrompt } from "../data/prompts.ts";
import { readUserPrompt } from "../data/user-prompt.ts";
import { infer } from "../infer/infer.ts";
import { checkAnswered } from "../infer/unanswered.ts";
import { loadWeights } from "../infer/weights.ts";
import { servedModel } from "../plan/sampler-command.ts";
import type { Method } from "../plan/smoke-plan.ts";
import { prepareSmokeData, probeImage, validationRows } from "./smoke-data.ts";
import { trainGrpo } from "./smoke-grpo.ts";
import { evaluateSmoke } from "./smoke-metrics.ts";
import { reportSmoke } from "./smoke-report.ts";
import type { SmokeRun } from "./smoke-run.ts";
import { type Services, startServices } from "./smoke-services.ts";
import { runWorker } from "./smoke-worker.ts";
import { isDone, runStage } from "./stages.ts";

/**
 * The whole chain: data → model → SFT → GRPO → inference → evaluation → report.
 *
 * vLLM takes most of a minute to start, so that it starts on the base model while SFT trains, and
 * answers for the baseline before it is given other weights. A stage that is marked done is passed
 * over; where nothing is left to sample, no service is started.
 *
 * Errors: SggError of the stage, role or service that failed.
 */
export async function runSmoke(run: SmokeRun): Promise<void> {
  const { plan, runDir } = run;
  const [baseline, sft, rl] = plan.methods;
  await stage(run, "data", () => prepareSmokeData(plan, runDir));
  if (plan.model === null) await stage(run, "model", () => runWorker(run, "model"));
  const sampled = [baseline.stage, sft.stage, "grpo", rl.stage];
  const services = sampled.every((name) => isDone(runDir, name))
    ? undefined
    : startServices(run, await probeImage(runDir));
  const ready = async () => (await services)!;
  await Promise.all([
    stage(run, "sft", () => runWorker(run, "sft")),
    stage(run, baseline.stage, async () => ask(run, await ready(), baseline)),
    services,
  ]);
  await stage(run, sft.stage, async () => askWith(run, await ready(), sft));
  await stage(run, "grpo", () => trainGrpo(run));
  await stage(run, rl.stage, async () => askWith(run, await ready(), rl));
  await stage(run, "evaluate", () => evaluateSmoke(run));
  await stage(run, "report", () => reportSmoke(run));
}

/** Runs a stage and says in the record where the run is. */
const stage = (run: SmokeRun, name: string, work: () => Promise<void>): Promise<void> =>
  runStage(run.runDir, name, run.tell, () => {
    run.supervisor.stage(name);
    return work();
  });

/** Gives the sampler a checkpoint's weights, then asks it for every validation image. */
async function askWith(run: SmokeRun, services: Services, method: Method): Promise<void> {
  const folder = join(run.runDir, method.checkpoint);
  await loadWeights(services.sampler, folder, run.supervisor.signal);
  await ask(run, services, method);
}

async function ask(run: SmokeRun, { sampler }: Services, method: Method): Promise<void> {
  const { plan, runDir, supervisor, tell } = run;
  const { concurrency, ...sampling } = plan.recipe.infer;
  const { min_pixels: minPixels, max_pixels: maxPixels } = plan.recipe.image;
  const out = join(runDir, method.predictions);
  const { of, unanswered } = await infer({
    rows: await validationRows(runDir),
    servers: [{ url: sampler, model: servedModel }],
    out,
    family: qwen2Vl, // SFT teaches thousandths to every model
    pixels: { minPixels, maxPixels, resize: "server" },
    system: (await readPrompt(plan.recipe.prompt.system)).text,
    prompt: (await readUserPrompt(plan.recipe.prompt.user)).textOf,
    sampling,
    concurrency,
    onProgress: ({ kept, answered, of }) =>
      tell.update(method.stage, `${kept + answered} of ${of} images`),
    signal: supervisor.signal,
  });
  checkAnswered(out, of, unanswered);
}
