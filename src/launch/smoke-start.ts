import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { SggError } from "../errors.ts";
import type { SmokePlan } from "../plan/smoke-plan.ts";
import { writeAtomic } from "../write-atomic.ts";
import { ensurePythonEnv, type PythonEnv } from "./python-env.ts";
import { checkDisk, checkRunFolder, writePlan } from "./run-folder.ts";
import { runSmoke } from "./smoke.ts";
import type { Teller } from "./smoke-run.ts";
import { superviseRun } from "./supervise.ts";

/** What a run of the tiny model writes, with room: measured 60 MB. */
const neededBytes = 500e6;

/**
 * Runs or goes on with a smoke run in its folder.
 *
 * Errors: SggError that names what failed; nothing of the run is left running in any case.
 */
export async function startSmoke(plan: SmokePlan, runDir: string, tell: Teller): Promise<void> {
  await checkRunFolder(runDir, plan);
  await mkdir(runDir, { recursive: true });
  await checkDisk(runDir, neededBytes);
  const body = { runDir, runId: plan.id, say: tell.say };
  await superviseRun(body, async (supervisor) => {
    await writePlan(runDir, plan);
    const { signal } = supervisor;
    const python = await ensurePythonEnv({ device: plan.device, say: tell.say, signal });
    if (plan.model !== null) await checkModel(plan, plan.model, runDir, python, signal);
    await runSmoke({ plan, runDir, supervisor, python, tell });
  });
}

/** Asks the worker about a model, which may be one of the Hub: a wrong one costs seconds, not minutes. */
async function checkModel(
  { device }: SmokePlan,
  model: string,
  runDir: string,
  { python, env }: PythonEnv,
  cancelSignal: AbortSignal,
): Promise<void> {
  const config = join(runDir, "artifacts", "check-model.json");
  await mkdir(join(runDir, "artifacts"), { recursive: true });
  await writeAtomic(config, `${JSON.stringify({ model })}\n`);
  try {
    const args = ["-m", "r1sgg_worker", "check-model", config];
    const { stdout } = await execa(python, args, { env, cancelSignal });
    const found = JSON.parse(stdout) as { readonly tie_word_embeddings: boolean };
    if (device === "cpu" && found.tie_word_embeddings)
      throw new SggError(
        "DATA",
        `Cannot train "${model}" on cpu: its embeddings are tied, expected a model whose are not, or a GPU: vLLM's CPU build does not reload tied ones`,
      );
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause;
    cancelSignal.throwIfAborted();
    throw new SggError("DATA", String(cause.stderr).trim() || cause.shortMessage, { cause });
  }
}
