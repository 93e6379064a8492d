import { join, resolve } from "node:path";
import { Command } from "commander";
import { SggError } from "../errors.ts";
import type { Io } from "./io.ts";
import { type PlanOptions, toPlan, withPlan } from "./plan-options.ts";
import { runsOption } from "./run-options.ts";

interface LaunchOptions extends PlanOptions {
  readonly runs: string;
  readonly dryRun: boolean;
}

/** `r1sgg launch`: starts the run that a recipe describes, or goes on with it; prints its id. */
export const launchCommand = (io: Io): Command =>
  withPlan(
    new Command("launch").description(
      "start the run that a recipe describes, or go on with it; prints its id",
    ),
  )
    .addOption(runsOption)
    .option("--dry-run", "print the plan and start nothing", false)
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
  if (plan.backend !== "local")
    throw new SggError("USAGE", `Cannot launch on ${plan.backend}: not known, expected --on local`);
  const { launchLocally } = await import("../launch/local/launch.ts");
  const { showProgress } = await import("./progress.ts");
  const { openBoard } = await import("./board.ts");
  for (const warning of plan.warnings) io.warn(`warning: ${warning}\n`);
  const runsDir = resolve(options.runs);
  const board = openBoard(showProgress());
  try {
    await launchLocally(plan, recipe, { runDir: join(runsDir, plan.id), runsDir }, board);
  } finally {
    board.close();
  }
  io.print(`${plan.id}\n`);
}
