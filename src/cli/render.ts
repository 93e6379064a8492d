import { resolve } from "node:path";
import { Command } from "commander";
import { stringify } from "yaml";
import { newFolder } from "../data/temporary-folder.ts";
import { readScriptParts } from "../launch/slurm/script-parts.ts";
import { writeFiles } from "../launch/slurm/write-run.ts";
import { toCalls } from "../plan/calls.ts";
import { renderSlurm } from "../plan/slurm/render.ts";
import type { Io } from "./io.ts";
import { type Planned, type PlanOptions, toPlan, withPlan } from "./plan-options.ts";

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
      const planned = await toPlan(path, options);
      const out = resolve(options.out);
      await newFolder(out);
      await writeFiles(out, {
        "recipe.yaml": stringify(planned.recipe),
        "plan.json": `${JSON.stringify(planned.plan, null, 2)}\n`,
        ...(await artifacts(planned)),
      });
      for (const warning of planned.plan.warnings) io.warn(`warning: ${warning}\n`);
      io.print(`${out}\n`);
    });

async function artifacts({ plan, profile }: Planned): Promise<Readonly<Record<string, string>>> {
  if (profile === null) return { ...plan.files, ...toCalls(plan) };
  return renderSlurm(plan, profile, await readScriptParts());
}
