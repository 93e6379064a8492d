import { SggError } from "../../errors.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { RunPlan } from "../run-plan.ts";
import { components } from "./components.ts";
import { directives } from "./directives.ts";
import { quote } from "./quote.ts";
import { runDirOf } from "./role-files.ts";

/**
 * Whether runs can be the tasks of one job array: they ask Slurm for the same, each in one plain job.
 *
 * Slurm knows no arrays of heterogeneous jobs.
 */
export function canBeArray(plans: readonly RunPlan[], profile: ClusterProfile): boolean {
  const [first, ...more] = plans.map((plan) => asked(plan, profile));
  const isPlain = plans.every(
    (plan) => !profile.slurm.heterogeneous || components(plan).length === 1,
  );
  return isPlain && more.length > 0 && more.every((one) => one === first);
}

/**
 * The script of a job array whose tasks are the jobs of several runs, in their order; `body` is
 * slurm/script/array.sh. Each run has its own folder with its own job.sbatch.
 *
 * Errors: SggError PLAN for runs that ask for different things
 */
export function renderArray(
  plans: readonly RunPlan[],
  profile: ClusterProfile,
  body: string,
): string {
  const [first] = plans;
  if (first === undefined || !canBeArray(plans, profile))
    throw new SggError(
      "PLAN",
      `Cannot make a job array of ${plans.map(({ id }) => `"${id}"`).join(", ")}: found different wishes or one run, expected several that ask Slurm for the same`,
    );
  return [
    "#!/bin/bash",
    ...directives(first, profile, { name: nameOf(first), output: "slurm-%a.log" }),
    `#SBATCH --array=0-${plans.length - 1}`,
    "",
    "set -uo pipefail",
    `readonly RUNS=(${plans.map((plan) => quote(runDirOf(plan, profile))).join(" ")})`,
    "",
    body.trimEnd(),
    "",
  ].join("\n");
}

const asked = (plan: RunPlan, profile: ClusterProfile): string =>
  directives(plan, profile, { name: "", output: "" }).join("\n");

/** The recipe's name: the id without the digits that tell the runs apart. */
const nameOf = ({ id }: RunPlan): string => id.replace(/-[0-9a-f]{8}$/, "");
