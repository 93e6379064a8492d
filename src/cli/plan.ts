import { Command } from "commander";
import { SggError } from "../errors.ts";
import { explainPlan } from "../plan/explain/explain.ts";
import type { Io } from "./io.ts";
import { type PlanOptions, toPlan, toPlanner, withPlan } from "./plan-options.ts";
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
  r1sgg plan recipes/smoke/grpo.yaml --gpus 0 --set grpo.steps=2`,
    )
    .action(async (recipe: string, options: PlanOptions & { readonly explain: boolean }) => {
      if (await isStudy(recipe)) {
        if (options.set.length > 0) throw cannotSet(recipe);
        const { plan } = await toPlanner(options);
        return io.print(await studyPlan(recipe, plan, options.explain));
      }
      const { plan } = await toPlan(recipe, options);
      const columns = process.stdout.columns ?? 80;
      io.print(options.explain ? explainPlan(plan, columns) : `${JSON.stringify(plan, null, 2)}\n`);
    });

const cannotSet = (study: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot plan the study "${study}" with --set, expected its recipes as they stand, or a study of your own`,
  );
