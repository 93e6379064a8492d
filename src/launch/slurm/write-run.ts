import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SggError } from "../../errors.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import { renderSlurm, type ScriptParts } from "../../plan/slurm/render.ts";
import { runDirOf } from "../../plan/slurm/role-files.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import { writeAtomic } from "../../write-atomic.ts";
import { plannedFacts } from "../planned-facts.ts";

/**
 * Writes all that a run needs into its folder and gives the folder: artifacts, plan, facts, secrets.
 *
 * Secrets stand in files that only the user may read: tokens made here, and `secrets/env` with the
 * variables that the profile names.
 *
 * @throws {SggError} PLAN for a plan that does not fit the cluster; USAGE for a secret that is not set;
 *   LAUNCH when the folder cannot be written
 */
export async function writeRun(
  plan: RunPlan,
  profile: ClusterProfile,
  parts: Omit<ScriptParts, "array">,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const files = renderSlurm(plan, profile, parts);
  const secrets = profile.secrets.map((name) => secretOf(name, environment));
  const runDir = runDirOf(plan, profile);
  const facts = await plannedFacts(plan, profile.name, profile.runtime);
  await writeFiles(runDir, {
    ...files,
    "plan.json": `${JSON.stringify(plan, null, 2)}\n`,
    "facts.json": `${JSON.stringify(facts, null, 2)}\n`,
  });
  const tokens = plan.secrets.map((path) => [path, randomBytes(32).toString("hex")] as const);
  const env = secrets.length > 0 ? [["secrets/env", secrets.join("")] as const] : [];
  for (const [path, text] of [...tokens, ...env]) await writeSecret(join(runDir, path), text);
  return runDir;
}

/** Writes files below a folder: path to text. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeAtomic(join(folder, path), text);
  }
}

async function writeSecret(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, "", { mode: 0o600 });
  await chmod(path, 0o600); // before the text is in it, also where the file was there
  await writeFile(path, text);
}

function secretOf(name: string, environment: Readonly<Record<string, string | undefined>>): string {
  const value = environment[name];
  if (value !== undefined && value !== "") return `${name}=${value}\0`;
  throw new SggError(
    "USAGE",
    `Cannot take secret "${name}" from the environment: it is not set, expected a value (the profile lists it in secrets)`,
  );
}
