import { join } from "node:path";
import { type EvaluationRow, evaluate, type Metrics } from "../core/metrics/evaluate.ts";
import { datasetClasses } from "../core/metrics/scene.ts";
import { loadPredictions, toEvaluationRows } from "../data/predictions.ts";
import type { Device, Method } from "../plan/smoke-plan.ts";
import { version } from "../version.ts";
import { writeAtomic } from "../write-atomic.ts";
import { pythonStack } from "./python-stack.ts";
import type { RewardCheck } from "./reward-check.ts";
import { readSplit, type SplitSizes, validationRows } from "./smoke-data.ts";
import { type Integrity, readProofs } from "./smoke-grpo.ts";
import type { SmokeRun } from "./smoke-run.ts";

/** metrics.json of a smoke run, the figures of each method and what they rest on. */
export interface SmokeMetrics {
  readonly rows: readonly (Metrics & { readonly method: string })[];
  readonly integrity: Pick<
    Integrity,
    "logprob_max_abs_diff" | "tolerance" | "special_tokens_sampled"
  > & { readonly weight_syncs: number; readonly rewards: RewardCheck };
  /** The versions that the numbers hang on, by package. */
  readonly stack: Readonly<Record<string, string>>;
  readonly device: Device;
  readonly dtype: string;
  readonly run: string;
  readonly seed: number;
  readonly data: SplitSizes;
}

/** The evaluation stage: metrics.json from the predictions of each method. */
export async function evaluateSmoke({ plan, runDir, python }: SmokeRun): Promise<void> {
  const targets = await validationRows(runDir);
  const classes = datasetClasses(targets);
  const rows = await Promise.all(
    plan.methods.map(async (method) => ({
      method: method.method,
      ...evaluate(await evaluationRows(runDir, method), classes),
    })),
  );
  const { integrity, rewards } = await readProofs(runDir);
  const metrics: SmokeMetrics = {
    rows,
    integrity: {
      logprob_max_abs_diff: integrity.logprob_max_abs_diff,
      tolerance: integrity.tolerance,
      special_tokens_sampled: integrity.special_tokens_sampled,
      weight_syncs: integrity.syncs.length,
      rewards,
    },
    stack: { r1sgg: version, node: process.versions.node, ...(await pythonStack(python)) },
    device: plan.device,
    dtype: plan.dtype,
    run: plan.id,
    seed: plan.recipe.seed,
    data: await readSplit(runDir),
  };
  await writeAtomic(join(runDir, "metrics.json"), `${JSON.stringify(metrics, null, 2)}\n`);
}

/** The validation images of a run, each with a method's answer. */
async function evaluationRows(
  runDir: string,
  { predictions }: Method,
): Promise<readonly EvaluationRow[]> {
  const path = join(runDir, predictions);
  return toEvaluationRows(await validationRows(runDir), await loadPredictions(path), path);
}
