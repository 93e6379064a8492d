import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../write-atomic.ts";
import { describeStep, followProgress } from "./progress-file.ts";
import type { SmokeRun } from "./smoke-run.ts";

/** The stages that the Python worker does. */
export type WorkerStage = "model" | "sft" | "grpo";

const commands = { model: "tiny-model", sft: "sft", grpo: "grpo" } as const;

/**
 * Runs one worker command as a role of the run and follows its progress until it ends.
 *
 * Errors: SggError ROLE or LAUNCH when it fails, with the last lines of its log.
 */
export async function runWorker(run: SmokeRun, stage: WorkerStage): Promise<void> {
  const { plan, runDir, supervisor, python, tell } = run;
  const config = join("artifacts", `${stage}.json`);
  const progress = join(runDir, "progress", `${stage}.jsonl`);
  await Promise.all(
    ["artifacts", "progress"].map((at) => mkdir(join(runDir, at), { recursive: true })),
  );
  await rm(progress, { force: true });
  await writeAtomic(join(runDir, config), `${JSON.stringify(plan.configs[stage], null, 2)}\n`);
  tell.update(stage, "starting Python");
  const role = await supervisor.start({
    name: stage,
    kind: "task",
    command: python.python,
    args: ["-m", "r1sgg_worker", commands[stage], config],
    cwd: runDir,
    env: { ...python.env, ...workerEnv },
    logPath: join(runDir, "logs", `${stage}.log`),
  });
  const over = new AbortController();
  const onLine = (line: Parameters<typeof describeStep>[0]) =>
    tell.update(stage, describeStep(line));
  const following = supervisor.watch(followProgress(progress, onLine, over.signal));
  try {
    await role.done;
  } finally {
    over.abort();
    await following;
  }
}

/** Quiet libraries, and last words that reach the log when the process is killed. */
const workerEnv = {
  PYTHONUNBUFFERED: "1",
  TOKENIZERS_PARALLELISM: "false",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
};
