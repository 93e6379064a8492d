import { renderArray } from "../../plan/slurm/array.ts";
import {
  type Launched,
  type Prepared,
  prepareRun,
  recordLaunch,
  type SlurmLaunch,
} from "./launch.ts";
import { readScriptParts } from "./script-parts.ts";
import { submit, testSubmission } from "./submit.ts";
import { writeFiles } from "./write-run.ts";

const script = "artifacts/array.sbatch";

/**
 * Hands several runs that ask for the same to Slurm, as the tasks of one job array in their order.
 *
 * Each has its folder and its record as if it were alone, with the task as its job; the array's script
 * stands in the first one's.
 *
 * @throws {SggError} PLAN, USAGE, DATA or LAUNCH; nothing is submitted then
 */
export async function launchArray(launches: readonly SlurmLaunch[]): Promise<readonly Launched[]> {
  const [first] = launches;
  if (first === undefined) return [];
  const parts = await readScriptParts();
  const plans = launches.map(({ plan }) => plan);
  const text = renderArray(plans, first.profile, parts.array);
  const prepared: Prepared[] = [];
  for (const launch of launches) prepared.push(await prepareRun(launch));
  const runDir = prepared[0]!.runDir;
  await writeFiles(runDir, { [script]: text });
  first.say(await testSubmission({ runDir, script }));
  const array = await submit({ runDir, script, ...waitOf(prepared) });
  return launches.map((launch, task) => {
    const job = `${array}_${task}`;
    const { runDir: own } = prepared[task]!;
    recordLaunch(launch, own, job);
    return { job, runDir: own };
  });
}

/** Each task after the one of the same number where their makers are such an array, else all after all. */
export function waitOf(
  prepared: readonly Pick<Prepared, "after">[],
): { readonly after: readonly string[] } | { readonly afterTasksOf: string } {
  const [array] = prepared[0]?.after[0]?.split("_") ?? [];
  const correspond = prepared.every(
    ({ after }, task) => after.length === 1 && after[0] === `${array}_${task}`,
  );
  if (correspond && array !== undefined) return { afterTasksOf: array };
  return { after: [...new Set(prepared.flatMap(({ after }) => after))] };
}
