import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../../errors.ts";
import type { RunInput } from "../../plan/run-input.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import { findRuns } from "../runs.ts";

type MadeByRun = Extract<RunInput, { readonly kind: "run" }>;

/**
 * The file that another run made: of the newest finished run with that recipe, among those of a folder.
 *
 * Errors: SggError LAUNCH when no such run is finished, with what to do
 */
export async function madeByRun(input: MadeByRun, runsDir: string): Promise<string> {
  const runs = await findRuns(runsDir);
  let unfinished: string | undefined;
  for (const { runDir, record } of runs.toReversed()) {
    if ((await recipeHashOf(runDir)) !== input.recipeHash) continue;
    const path = join(runDir, input.file);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (record.state === "done" && isThere) return path;
    unfinished ??= `${record.runId} is ${record.state === "done" ? `done without ${input.file}` : record.state}`;
  }
  throw new SggError(
    "LAUNCH",
    `Cannot find "${input.file}" of recipe "${input.name}": ${unfinished ?? `no run of it in "${runsDir}"`}, expected a finished one (r1sgg launch its recipe first)`,
  );
}

/** Of a run that was planned; others have none. */
async function recipeHashOf(runDir: string): Promise<string | undefined> {
  const text = await readFile(join(runDir, "plan.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Partial<RunPlan>).recipeHash;
}
