import { mkdir, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bringInputs } from "../launch/inputs/bring-inputs.ts";
import { inPython } from "../launch/inputs/in-python.ts";
import { ensurePythonEnv } from "../launch/python-env.ts";
import { launchSlurm } from "../launch/slurm/launch.ts";
import type { ClusterProfile } from "../recipe/cluster-profile.ts";
import { openBoard } from "./board.ts";
import { interruptible } from "./interruptible.ts";
import type { Planned } from "./plan-options.ts";
import { showProgress } from "./progress.ts";

/**
 * Hands a planned run to Slurm from a login node, and links it among the runs of this folder, where
 * `status` looks.
 *
 * Errors: SggError of what could not be brought, or of Slurm; nothing is submitted then
 */
export async function launchOnSlurm(
  { plan, recipe }: Planned,
  profile: ClusterProfile,
  runs: string,
): Promise<void> {
  const board = openBoard(showProgress());
  const { say } = board;
  const words = (signal: string) =>
    `Run "${plan.id}" was interrupted by ${signal} before its submission`;
  try {
    const { job, runDir } = await interruptible(words, (signal) =>
      launchSlurm({
        ...{ plan, recipe, profile, say, environment: process.env },
        bring: async (at) => {
          const kinds = Object.values(plan.inputs).map(({ kind }) => kind);
          const needsPython = kinds.some((kind) => kind === "model" || kind === "tiny-model");
          const python = needsPython ? await pythonWith(profile, say, signal) : undefined;
          const runsDir = profile.storage.runs;
          const runTool = inPython(python, at, signal);
          await bringInputs(plan, { runDir: at, runsDir, runTool, tell: board, signal });
        },
      }),
    );
    await linkRun(runDir, resolve(runs), plan.id);
    say(`job ${job} runs it in ${runDir}`);
  } finally {
    board.close();
  }
}

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
