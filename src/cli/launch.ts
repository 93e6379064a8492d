import { join, resolve } from "node:path";
import { Command } from "commander";
import { type DockerOptions, dockerSettings, withDocker } from "./docker-options.ts";
import type { Io } from "./io.ts";
import { type PlanOptions, toPlan, withPlan } from "./plan-options.ts";
import { runsOption } from "./run-options.ts";

interface LaunchOptions extends PlanOptions, DockerOptions {
  readonly runs: string;
  readonly dryRun: boolean;
  readonly detach: boolean;
}

/** `r1sgg launch`: starts the run that a recipe describes, or goes on with it; prints its id. */
export const launchCommand = (io: Io): Command =>
  withDocker(
    withPlan(
      new Command("launch").description(
        "start the run that a recipe describes, or go on with it; prints its id",
      ),
    )
      .addOption(runsOption)
      .option("--dry-run", "print the plan and start nothing", false)
      .option("--detach", "return once the run's first role runs, and leave it running", false),
  )
    .addHelpText(
      "after",
      `
Examples:
  r1sgg launch recipes/smoke/sft.yaml --gpus 0      a tiny model, no GPU needed
  r1sgg launch recipes/smoke/grpo.yaml --gpus 0     from the model that the first one made
  r1sgg status                                      what runs, and what ran`,
    )
    .action((recipe: string, options: LaunchOptions) => launch(recipe, options, io));

async function launch(path: string, options: LaunchOptions, io: Io): Promise<void> {
  const planned = await toPlan(path, options);
  const { plan, recipe, profile } = planned;
  if (options.dryRun) return io.print(`${JSON.stringify(plan, null, 2)}\n`);
  if (plan.backend === "slurm" && profile !== null) {
    for (const warning of plan.warnings) io.warn(`warning: ${warning}\n`);
    const { launchOnSlurm } = await import("./launch-slurm.ts");
    return launchOnSlurm(planned, profile, options.runs, io);
  }
  const { showProgress } = await import("./progress.ts");
  const { openBoard } = await import("./board.ts");
  for (const warning of plan.warnings) io.warn(`warning: ${warning}\n`);
  const runsDir = resolve(options.runs);
  if (options.detach) {
    const { startDetached } = await import("../launch/detach.ts");
    const args = process.argv.slice(2).filter((word) => word !== "--detach");
    await startDetached(args, { runDir: join(runsDir, plan.id), runId: plan.id });
    return io.print(`${plan.id}\n`);
  }
  const board = openBoard(showProgress());
  try {
    const place = { runDir: join(runsDir, plan.id), runsDir };
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
  io.print(`${plan.id}\n`);
}
