import { access, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SggError } from "../../errors.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import { findRuns } from "../runs.ts";
import { observeSlurmRuns } from "./observe.ts";

/**
 * Links what runs under way will make for a run, and gives the jobs to wait for.
 *
 * What finished runs have made is not its business: see `bringInputs`.
 */
export async function linkUpstream(
  { inputs }: Pick<RunPlan, "inputs">,
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
    await rm(join(runDir, at), { force: true }); // of an earlier launch
    await symlink(join(maker.runDir, file), join(runDir, at));
    jobs.add(maker.record.slurm.job);
  }
  return [...jobs];
}

/**
 * The jobs that a run must wait for when it goes on: those of runs under way that make what it lacks.
 *
 * @throws {SggError} LAUNCH when what it starts from is neither there nor under way
 */
export async function jobsToAwait(
  plan: Pick<RunPlan, "id" | "inputs">,
  runDir: string,
  runsDir: string,
): Promise<readonly string[]> {
  const jobs = await linkUpstream(plan, runDir, runsDir);
  for (const [at, input] of Object.entries(plan.inputs)) {
    if (input.kind !== "run" || jobs.length > 0) continue;
    await access(join(runDir, at)).catch((cause: Error) => {
      throw new SggError(
        "LAUNCH",
        `Cannot go on with run "${plan.id}": there is no ${input.file} of "${input.name}", expected that run done or under way`,
        { cause },
      );
    });
  }
  return jobs;
}
