import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "../write-atomic.ts";
import type { Teller } from "./smoke-run.ts";

/** The mark of a finished stage, `stages/<name>.json` in the run folder. */
export interface StageMark {
  readonly stage: string;
  readonly ended: string;
  readonly seconds: number;
}

/** True when the stage is finished and need not run again. */
export const isDone = (runDir: string, stage: string): boolean =>
  existsSync(markPath(runDir, stage));

/**
 * Runs a stage unless it is finished, and marks it when it ends well.
 *
 * A stage that fails or is cut off leaves no mark: the next start does it again, so that its work
 * has to be safe to repeat.
 */
export async function runStage(
  runDir: string,
  stage: string,
  tell: Teller,
  work: () => Promise<void>,
): Promise<void> {
  if (isDone(runDir, stage)) return tell.say(`${stage}: done before`);
  tell.update(stage);
  const start = performance.now();
  try {
    await work();
  } finally {
    tell.end(stage);
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const mark: StageMark = { stage, ended: new Date().toISOString(), seconds };
  await mkdir(join(runDir, "stages"), { recursive: true });
  await writeAtomic(markPath(runDir, stage), `${JSON.stringify(mark)}\n`);
  tell.say(`${stage}: done in ${seconds} s`);
}

/** The mark of a finished stage. Errors: the file system's, when the stage is not finished. */
export const readMark = async (runDir: string, stage: string): Promise<StageMark> =>
  JSON.parse(await readFile(markPath(runDir, stage), "utf8")) as StageMark;

const markPath = (runDir: string, stage: string) => join(runDir, "stages", `${stage}.json`);
