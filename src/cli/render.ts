import { join, resolve } from "node:path";
import { Command } from "commander";
import { stringify } from "yaml";
import { newFolder } from "../data/temporary-folder.ts";
import { readScriptParts } from "../launch/slurm/script-parts.ts";
import { writeFiles } from "../launch/slurm/write-run.ts";
import { toCalls } from "../plan/calls.ts";
import { canBeArray, renderArray } from "../plan/slurm/array.ts";
import { renderSlurm } from "../plan/slurm/render.ts";
import type { Io } from "./io.ts";
import { type Planned, type PlanOptions, toPlans, withPlan } from "./plan-options.ts";

/** `r1sgg render`: writes what a launch would use, to be read or started by hand. */
export const renderCommand = (io: Io): Command =>
  withPlan(
    new Command("render").description(
      "write what a launch would use: job.sbatch and its files, or each role's command",
    ),
  )
    .requiredOption("--out <dir>", "a new folder")
    .addHelpText(
      "after",
      `
Example:
  r1sgg render recipes/paper/r1-sgg/2b-vg150-open.yaml --cluster slurm/generic-a100.yaml --out job`,
    )
    .action(async (path: string, options: PlanOptions & { readonly out: string }) => {
      const planned = await toPlans(path, options);
      const out = resolve(options.out);
      await newFolder(out);
      const several = options.checkpoints !== undefined;
      for (const one of planned)
        await writeFiles(several ? join(out, one.plan.id) : out, await filesOf(one));
      if (several) await writeFiles(out, await arrayOf(planned));
      const warnings = new Set(planned.flatMap(({ plan }) => plan.warnings));
      for (const warning of warnings) io.warn(`warning: ${warning}\n`);
      io.print(`${out}\n`);
    });

type Files = Readonly<Record<string, string>>;

const filesOf = async (planned: Planned): Promise<Files> => ({
  "recipe.yaml": stringify(planned.recipe),
  "plan.json": `${JSON.stringify(planned.plan, null, 2)}\n`,
  ...(await artifacts(planned)),
});

/** The job array of several runs, where they can be one. */
async function arrayOf(planned: readonly Planned[]): Promise<Files> {
  const profile = planned[0]?.profile ?? null;
  const plans = planned.map(({ plan }) => plan);
  if (profile === null || !canBeArray(plans, profile)) return {};
  return { "array.sbatch": renderArray(plans, profile, (await readScriptParts()).array) };
}

async function artifacts({ plan, profile }: Planned): Promise<Files> {
  if (profile === null) return { ...plan.files, ...toCalls(plan) };
  return renderSlurm(plan, profile, await readScriptParts());
}
