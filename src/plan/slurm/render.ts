import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { RunPlan } from "../run-plan.ts";
import { checkForSlurm } from "./check.ts";
import { directives } from "./directives.ts";
import { factsFiles } from "./facts-files.ts";
import { roleFiles } from "./role-files.ts";
import { jobVariables, roleVariables } from "./variables.ts";
import { endpointsWords, wordFiles } from "./words.ts";

/** The constant parts of the scripts, as they stand in slurm/script. */
export interface ScriptParts {
  readonly job: string;
  readonly role: string;
  readonly array: string;
}

/** Files that make up `ScriptParts`, in order. */
export const scriptParts = {
  job: ["words.sh", "say.sh", "nodes.sh", "roles.sh", "end.sh", "job.sh"],
  role: ["words.sh", "role.sh"],
  array: ["array.sh"],
} as const;

/**
 * Everything that Slurm needs of a run, as files below its run folder: path to text.
 *
 * `artifacts/job.sbatch` is the job's script: what it asks for, what it must know, then the constant
 * part. All commands and values of a user stand beside it in files that it reads and never evaluates.
 *
 * Errors: SggError PLAN for a plan that does not fit the cluster, or a NUL in a text
 */
export function renderSlurm(
  plan: RunPlan,
  profile: ClusterProfile,
  parts: Omit<ScriptParts, "array">,
): Readonly<Record<string, string>> {
  checkForSlurm(plan, profile);
  const endpoints = wordFiles(plan.endpoints === null ? [] : endpointsWords(plan.endpoints));
  const roles = plan.roles.map((role) => roleFiles(plan, role, profile));
  return {
    ...plan.files,
    "artifacts/job.sbatch": script(
      directives(plan, profile),
      jobVariables(plan, profile),
      parts.job,
    ),
    "artifacts/slurm/role.sh": script([], roleVariables(plan, profile), parts.role),
    "artifacts/slurm/setup.sh": profile.setup.map((line) => `${line}\n`).join(""),
    "artifacts/endpoints.argv": endpoints.argv,
    "artifacts/endpoints.kinds": endpoints.kinds,
    ...factsFiles(plan),
    ...Object.assign({}, ...roles),
  };
}

const script = (header: readonly string[], variables: readonly string[], body: string): string =>
  ["#!/bin/bash", ...header, "", "set -uo pipefail", ...variables, "", body.trimEnd(), ""].join(
    "\n",
  );
