import { join, resolve } from "node:path";
import { type DockerOptions, dockerSettings } from "./docker-options.ts";
import type { Io } from "./io.ts";
import type { Planned, PlanOptions } from "./plan-options.ts";

/** Where a run is started, and how. */
export interface LaunchOptions extends PlanOptions, DockerOptions {
  readonly runs: string;
  readonly detach: boolean;
}

/**
 * Starts planned runs of one machine, or goes on with them; returns when they are done, submitted, or
 * detached. On Slurm all are handed over at once, elsewhere one follows the other.
 *
 * Errors: SggError of what ended one; those after it are not started
 */
export async function launchRuns(
  planned: readonly Planned[],
  options: LaunchOptions,
  io: Io,
): Promise<void> {
  const profile = planned[0]?.profile ?? null;
  if (profile === null) {
    for (const one of planned) await launchHere(one, options, io);
    return;
  }
  for (const warning of new Set(planned.flatMap(({ plan }) => plan.warnings)))
    io.warn(`warning: ${warning}\n`);
  const { launchOnSlurm } = await import("./launch-slurm.ts");
  await launchOnSlurm(planned, profile, options.runs);
}

async function launchHere(planned: Planned, options: LaunchOptions, io: Io): Promise<void> {
  const { plan, recipe } = planned;
  for (const warning of plan.warnings) io.warn(`warning: ${warning}\n`);
  const runsDir = resolve(options.runs);
  const place = { runDir: join(runsDir, plan.id), runsDir };
  if (options.detach) {
    const { startDetached } = await import("../launch/detach.ts");
    const args = process.argv.slice(2).filter((word) => word !== "--detach");
    await startDetached(args, { runDir: place.runDir, runId: plan.id });
    return;
  }
  const { showProgress } = await import("./progress.ts");
  const { openBoard } = await import("./board.ts");
  const board = openBoard(showProgress());
  try {
    if (plan.backend === "docker") {
      const { launchOnDocker } = await import("../launch/docker/launch.ts");
      await launchOnDocker(plan, recipe, place, dockerSettings(plan, options), board);
    } else {
      const { launchLocally } = await import("../launch/local/launch.ts");
      await launchLocally(plan, recipe, place, board);
    }
  } finally {
    board.close();
  }
}
