import { Command } from "commander";
import { SggError } from "../errors.ts";
import { explainPlan } from "../plan/explain/explain.ts";
import type { Io } from "./io.ts";
import { type PlanOptions, toPlanner, toPlans, withPlan } from "./plan-options.ts";
import { isStudy, studyPlan } from "./plan-study.ts";

/** `r1sgg plan`: what a recipe would do, settled to the last word; nothing is started. */
export const planCommand = (io: Io): Command =>
  withPlan(
    new Command("plan").description(
      "what a recipe would do: roles, GPUs, batch, hours; starts nothing",
    ),
  )
    .option("--explain", "drawn for people instead of JSON", false)
    .addHelpText(
      "after",
      `
Examples:
  r1sgg plan recipes/paper/sft/2b-vg150-open.yaml --cluster slurm/generic-a100.yaml --explain
  r1sgg plan recipes/studies/table4.yaml --cluster slurm/alps-gh200.yaml --explain
  r1sgg plan recipes/smoke/grpo.yaml --gpus 0 --set grpo.steps=2
  r1sgg plan recipes/paper/infer/r1-sgg-2b-vg150-open-on-vg150.yaml --checkpoints 500,1000,last`,
    )
    .action(async (recipe: string, options: PlanOptions & { readonly explain: boolean }) => {
      if (await isStudy(recipe)) {
        if (options.set.length > 0) throw cannotSet(recipe, "--set");
        if (options.checkpoints) throw cannotSet(recipe, "--checkpoints");
        const { plan } = await toPlanner(options);
        return io.print(await studyPlan(recipe, plan, options.explain));
      }
      const plans = (await toPlans(recipe, options)).map(({ plan }) => plan);
      const columns = process.stdout.columns ?? 80;
      const told = options.checkpoints === undefined ? plans[0] : plans;
      io.print(
        options.explain
          ? plans.map((plan) => explainPlan(plan, columns)).join("\n")
          : `${JSON.stringify(told, null, 2)}\n`,
      );
    });

const cannotSet = (study: string, option: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot plan the study "${study}" with ${option}, expected its recipes as they stand, or a study of your own`,
  );
