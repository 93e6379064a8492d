import { randomUUID } from "node:crypto";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { SggError } from "../../errors.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import { runDirOf } from "../../plan/slurm/role-files.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { appendEvent } from "../events.ts";
import { loadRecord } from "../load-record.ts";
import { processId } from "../processes.ts";
import { type SlurmRef, writeRecord } from "../record.ts";
import { findRuns } from "../runs.ts";
import { observeSlurmRuns } from "./observe.ts";
import { readScriptParts } from "./script-parts.ts";
import { submit, testSubmission } from "./submit.ts";
import { writeFiles, writeRun } from "./write-run.ts";

/** What to hand to Slurm. */
export interface SlurmLaunch {
  readonly plan: RunPlan;
  readonly recipe: Recipe;
  readonly profile: ClusterProfile;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Brings the plan's inputs into the run folder, but for those that are there. */
  readonly bring: (runDir: string) => Promise<void>;
  readonly say: (words: string) => void;
}

/** A run that Slurm has taken. */
export interface Launched {
  readonly job: string;
  readonly runDir: string;
}

/**
 * Hands a run to Slurm: writes its folder, asks whether Slurm would take the job, submits it, and
 * records that.
 *
 * Where it starts from a run that is still queued or running, its job waits for that one's to end
 * well: so a chain is launched recipe by recipe.
 *
 * @throws {SggError} PLAN, USAGE, DATA or LAUNCH; nothing is submitted then
 */
export async function launchSlurm(launch: SlurmLaunch): Promise<Launched> {
  const { plan, recipe, profile, environment, bring, say } = launch;
  await refuseTaken(runDirOf(plan, profile));
  const runDir = await writeRun(plan, profile, await readScriptParts(), environment);
  await writeFiles(runDir, { "recipe.yaml": stringify(recipe) });
  const after = await linkUpstream(plan, runDir, profile.storage.runs);
  await bring(runDir);
  say(await testSubmission({ runDir }));
  const job = await submit({ runDir, after });
  const { id: runId, stage, recipeHash } = plan;
  recordJob(runDir, { runId, stage, recipeHash, slurm: { job, cluster: profile.name } });
  return { job, runDir };
}

/** What is recorded of a run when it is handed to Slurm. */
interface JobRecord {
  readonly runId: string;
  readonly stage: string | undefined;
  readonly recipeHash: unknown;
  readonly slurm: SlurmRef;
}

/** Writes that a job is under way for a run. */
export function recordJob(runDir: string, { slurm, ...facts }: JobRecord): void {
  writeRecord(runDir, {
    ...{ ...facts, slurm, token: randomUUID(), machine: `cluster ${slurm.cluster}` },
    cli: processId(process.pid) ?? { pid: process.pid, start: "" },
    ...{ graceMs: 0, state: "running", startedAt: new Date().toISOString(), roles: [] },
  });
  appendEvent(runDir, "submitted", { ...slurm });
}

async function refuseTaken(runDir: string): Promise<void> {
  const record = await loadRecord(runDir);
  if (record === undefined) return;
  const { runId, state, startedAt } = record;
  throw new SggError(
    "USAGE",
    `Cannot launch run "${runId}": it was launched ${startedAt} and is ${state} in "${runDir}", expected a new one (r1sgg resume ${runId} goes on with it)`,
  );
}

/** Links what a run under way will make, and gives the jobs to wait for. */
async function linkUpstream(
  { inputs }: RunPlan,
  runDir: string,
  runsDir: string,
): Promise<readonly string[]> {
  const wanted = Object.entries(inputs).flatMap(([at, input]) =>
    input.kind === "run" ? [{ at, ...input }] : [],
  );
  if (wanted.length === 0) return [];
  const all = await findRuns(runsDir);
  await observeSlurmRuns(all.filter(({ record }) => record.slurm)); // records those that ended
  const runs = (await findRuns(runsDir)).filter(({ record }) => record.state === "running");
  const jobs = new Set<string>();
  for (const { at, recipeHash, file } of wanted) {
    const maker = runs.findLast(({ record }) => record.slurm && record.recipeHash === recipeHash);
    if (maker?.record.slurm === undefined) continue;
    await mkdir(dirname(join(runDir, at)), { recursive: true });
    await symlink(join(maker.runDir, file), join(runDir, at));
    jobs.add(maker.record.slurm.job);
  }
  return [...jobs];
}
