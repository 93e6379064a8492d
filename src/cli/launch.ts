import { Command } from "commander";
import { SggError } from "../errors.ts";
import { withDocker } from "./docker-options.ts";
import type { Io } from "./io.ts";
import { type LaunchOptions, launchRun } from "./launch-run.ts";
import { toPlan, withPlan } from "./plan-options.ts";
import { isStudy } from "./plan-study.ts";
import { runsOption } from "./run-options.ts";

interface CliOptions extends LaunchOptions {
  readonly dryRun: boolean;
  readonly only?: readonly string[];
}

/** `r1sgg launch`: starts the run of a recipe or all of a study, or goes on; prints the ids. */
export const launchCommand = (io: Io): Command =>
  withDocker(
    withPlan(
      new Command("launch").description(
        "start the run of a recipe, or all that a study needs, or go on; prints the ids",
      ),
    )
      .addOption(runsOption)
      .option("--dry-run", "print the plan and start nothing", false)
      .option("--only <names>", "of a study: these recipes, with those before them", names)
      .option("--detach", "return once the run's first role runs, and leave it running", false),
  )
    .addHelpText(
      "after",
      `
Examples:
  r1sgg launch recipes/smoke/sft.yaml --gpus 0      a tiny model, no GPU needed
  r1sgg launch recipes/smoke/grpo.yaml --gpus 0     from the model that the first one made
  r1sgg launch recipes/studies/table4.yaml --on slurm --cluster slurm/alps-gh200.yaml
  r1sgg status                                      what runs, and what ran`,
    )
    .action((recipe: string, options: CliOptions) => launch(recipe, options, io));

async function launch(path: string, options: CliOptions, io: Io): Promise<void> {
  if (await isStudy(path)) {
    const { launchStudy } = await import("./launch-study.ts");
    return launchStudy(path, options, io);
  }
  if (options.only !== undefined)
    throw new SggError("USAGE", `Cannot launch "${path}" with --only, expected a study`);
  const planned = await toPlan(path, options);
  if (options.dryRun) return io.print(`${JSON.stringify(planned.plan, null, 2)}\n`);
  await launchRun(planned, options, io);
  io.print(`${planned.plan.id}\n`);
}

const names = (text: string): readonly string[] => text.split(",").map((name) => name.trim());
