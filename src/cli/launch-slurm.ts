import { mkdir, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bringInputs } from "../launch/inputs/bring-inputs.ts";
import { inPython } from "../launch/inputs/in-python.ts";
import { ensurePythonEnv } from "../launch/python-env.ts";
import { type Launched, launchSlurm, type SlurmLaunch } from "../launch/slurm/launch.ts";
import { launchArray } from "../launch/slurm/launch-array.ts";
import { canBeArray } from "../plan/slurm/array.ts";
import type { ClusterProfile } from "../recipe/cluster-profile.ts";
import { type Board, openBoard } from "./board.ts";
import { interruptible } from "./interruptible.ts";
import type { Planned } from "./plan-options.ts";
import { showProgress } from "./progress.ts";

/**
 * Hands planned runs to Slurm from a login node, and links them among the runs of this folder, where
 * `status` looks. Several that ask for the same become one job array.
 *
 * Errors: SggError of what could not be brought, or of Slurm; nothing of a run, or of an array, is
 * submitted then
 */
export async function launchOnSlurm(
  planned: readonly Planned[],
  profile: ClusterProfile,
  runs: string,
): Promise<void> {
  const board = openBoard(showProgress());
  const plans = planned.map(({ plan }) => plan);
  const words = (signal: string) =>
    `${plans.map(({ id }) => `"${id}"`).join(", ")} was interrupted by ${signal} before its submission`;
  const keep = async (launched: readonly Launched[], from: number): Promise<void> => {
    for (const [at, { job, runDir }] of launched.entries()) {
      await linkRun(runDir, resolve(runs), plans[from + at]!.id);
      board.say(`job ${job} runs it in ${runDir}`);
    }
  };
  try {
    await interruptible(words, async (signal) => {
      const launches = planned.map((one) => toLaunch(one, profile, board, signal));
      if (canBeArray(plans, profile)) return keep(await launchArray(launches), 0);
      for (const [at, launch] of launches.entries()) await keep([await launchSlurm(launch)], at);
    });
  } finally {
    board.close();
  }
}

const toLaunch = (
  { plan, recipe }: Planned,
  profile: ClusterProfile,
  board: Board,
  signal: AbortSignal,
): SlurmLaunch => ({
  ...{ plan, recipe, profile, say: board.say, environment: process.env },
  bring: async (at) => {
    const kinds = Object.values(plan.inputs).map(({ kind }) => kind);
    const needsPython = kinds.some((kind) => kind === "model" || kind === "tiny-model");
    const python = needsPython ? await pythonWith(profile, board.say, signal) : undefined;
    const runsDir = profile.storage.runs;
    const runTool = inPython(python, at, signal);
    await bringInputs(plan, { runDir: at, runsDir, runTool, tell: board, signal });
  },
});

/** Downloads go where the nodes look for them. */
async function pythonWith(
  profile: ClusterProfile,
  say: (text: string) => void,
  signal: AbortSignal,
) {
  const python = await ensurePythonEnv({ device: "cpu", say, signal });
  return { ...python, env: { ...python.env, ...profile.storage.caches } };
}

async function linkRun(runDir: string, runs: string, id: string): Promise<void> {
  const link = join(runs, id);
  if (link === runDir) return;
  await mkdir(runs, { recursive: true });
  await rm(link, { force: true }); // of a run that was launched before; a folder stays, and is an error
  await symlink(runDir, link);
}
