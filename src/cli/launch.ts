import { Command } from "commander";
import { SggError } from "../errors.ts";
import { withDocker } from "./docker-options.ts";
import type { Io } from "./io.ts";
import { type LaunchOptions, launchRuns } from "./launch-run.ts";
import { toPlans, withPlan } from "./plan-options.ts";
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
  r1sgg launch recipes/paper/infer/r1-sgg-2b-vg150-open-on-vg150.yaml --checkpoints 500,1000,last \\
    --on slurm --cluster slurm/generic-a100.yaml      a job array, a task for each kept model
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
  const planned = await toPlans(path, options);
  const plans = planned.map(({ plan }) => plan);
  const several = options.checkpoints !== undefined;
  if (options.dryRun) return io.print(`${JSON.stringify(several ? plans : plans[0], null, 2)}\n`);
  if (several && options.detach && planned[0]?.profile === null)
    throw new SggError(
      "USAGE",
      `Cannot launch "${path}" for several checkpoints with --detach, expected it to stay`,
    );
  await launchRuns(planned, options, io);
  io.print(plans.map(({ id }) => `${id}\n`).join(""));
}

const names = (text: string): readonly string[] => text.split(",").map((name) => name.trim());
