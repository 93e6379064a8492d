import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunPlan } from "../../plan/run-plan.ts";
import type { Run } from "../runs.ts";
import { recordJob } from "./launch.ts";
import { observeSlurmRuns } from "./observe.ts";
import { submit, testSubmission } from "./submit.ts";
import { jobsToAwait } from "./upstream.ts";

/** How it stands with a run that is to go on: as it is, or in a new job. */
export type GoingOn =
  | { readonly state: "queued" | "running" | "done" }
  | { readonly state: "submitted"; readonly job: string };

/**
 * Hands a run that has ended before it was done to Slurm once more, as a job of its own, also where it
 * was a task of an array; others are left as they are.
 *
 * @throws {SggError} LAUNCH when Slurm refuses, or what it starts from is neither there nor under way
 */
export async function goOnSlurm(run: Run, say: (words: string) => void): Promise<GoingOn> {
  const { runDir, record } = run;
  const { slurm, runId, stage, recipeHash } = record;
  if (slurm === undefined) throw new TypeError("only a run that was handed to Slurm goes on there");
  const [now] = await observeSlurmRuns([run]);
  if (now?.state === "queued" || now?.state === "running" || now?.state === "done")
    return { state: now.state };
  const plan = JSON.parse(await readFile(join(runDir, "plan.json"), "utf8")) as RunPlan;
  const after = await jobsToAwait(plan, runDir, dirname(await realpath(runDir)));
  say(await testSubmission({ runDir }));
  const job = await submit({ runDir, after });
  recordJob(runDir, { runId, stage, recipeHash, slurm: { ...slurm, job } });
  return { state: "submitted", job };
}
