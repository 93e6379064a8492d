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
 * Starts a planned run, or goes on with it; returns when it is done, submitted, or detached.
 *
 * Errors: SggError of what ended it
 */
export async function launchRun(planned: Planned, options: LaunchOptions, io: Io): Promise<void> {
  const { plan, recipe, profile } = planned;
  for (const warning of plan.warnings) io.warn(`warning: ${warning}\n`);
  if (plan.backend === "slurm" && profile !== null) {
    const { launchOnSlurm } = await import("./launch-slurm.ts");
    return launchOnSlurm(planned, profile, options.runs);
  }
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
