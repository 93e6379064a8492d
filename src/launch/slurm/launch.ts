import { randomUUID } from "node:crypto";
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
import { checkImages } from "./image-architecture.ts";
import { readScriptParts } from "./script-parts.ts";
import { submit, testSubmission } from "./submit.ts";
import { linkUpstream } from "./upstream.ts";
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
  const { runDir, after } = await prepareRun(launch);
  launch.say(await testSubmission({ runDir }));
  const job = await submit({ runDir, after });
  recordLaunch(launch, runDir, job);
  return { job, runDir };
}

/** A run whose folder is ready for its job. */
export interface Prepared {
  readonly runDir: string;
  /** Jobs that make what it starts from. */
  readonly after: readonly string[];
}

/**
 * Writes a run's folder with all that its job needs, but for what a run under way will make.
 *
 * @throws {SggError} PLAN, USAGE, DATA or LAUNCH
 */
export async function prepareRun(launch: SlurmLaunch): Promise<Prepared> {
  const { plan, recipe, profile, environment, bring } = launch;
  await refuseTaken(runDirOf(plan, profile));
  await checkImages(profile);
  const runDir = await writeRun(plan, profile, await readScriptParts(), environment);
  await writeFiles(runDir, { "recipe.yaml": stringify(recipe) });
  const after = await linkUpstream(plan, runDir, profile.storage.runs);
  await bring(runDir);
  return { runDir, after };
}

/** Writes that Slurm has taken a run. */
export function recordLaunch({ plan, profile }: SlurmLaunch, runDir: string, job: string): void {
  const { id: runId, stage, recipeHash } = plan;
  recordJob(runDir, { runId, stage, recipeHash, slurm: { job, cluster: profile.name } });
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
