import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../write-atomic.ts";
import { checkRewards, type RewardCheck } from "./reward-check.ts";
import type { SmokeRun } from "./smoke-run.ts";
import { runWorker } from "./smoke-worker.ts";

/** What the worker found out about its own weight syncs; see containers/worker. */
export interface Integrity {
  readonly logprob_max_abs_diff: number;
  readonly tolerance: number;
  readonly special_tokens_sampled: number;
  readonly steps: readonly Readonly<Record<string, number>>[];
  readonly syncs: readonly Readonly<Record<string, number>>[];
}

/**
 * The GRPO stage: trains, then proves that the rewards in TRL's log are the endpoint's answers.
 *
 * What an earlier, cut-off try left is removed, but for the endpoint's log, which is open.
 */
export async function trainGrpo(run: SmokeRun): Promise<void> {
  const folder = join(run.runDir, "grpo");
  for (const left of ["completions", "integrity.json", "sync", "unscored-0.json"])
    await rm(join(folder, left), { recursive: true, force: true });
  await runWorker(run, "grpo");
  const check = await checkRewards(folder, run.plan.recipe.grpo.rewards);
  await writeAtomic(join(folder, "reward-check.json"), `${JSON.stringify(check, null, 2)}\n`);
}

/** What the finished GRPO stage proved. */
export interface Proofs {
  readonly integrity: Integrity;
  readonly rewards: RewardCheck;
}

/** Reads the proofs that the GRPO stage left. */
export const readProofs = async (runDir: string): Promise<Proofs> => ({
  integrity: await readJson<Integrity>(join(runDir, "grpo", "integrity.json")),
  rewards: await readJson<RewardCheck>(join(runDir, "grpo", "reward-check.json")),
});

const readJson = async <T>(path: string) => JSON.parse(await readFile(path, "utf8")) as T;
