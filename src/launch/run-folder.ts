import { mkdir, readdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { firstDifference } from "../core/json/difference.ts";
import { SggError } from "../errors.ts";
import type { SmokePlan } from "../plan/smoke-plan.ts";
import { writeAtomic } from "../write-atomic.ts";

/**
 * Refuses a folder that holds something else than this very run, before anything is written there.
 *
 * Errors: SggError USAGE when the folder has files of others, or a run with another plan.
 */
export async function checkRunFolder(runDir: string, plan: SmokePlan): Promise<void> {
  const names = await readdir(runDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [] as string[];
    throw cannotUse(runDir, error.message, "a folder", error);
  });
  if (names.length === 0) return;
  if (!names.includes("plan.json"))
    throw cannotUse(runDir, `files of something else (${names[0]} …)`, "an empty or new folder");
  const earlier = JSON.parse(await readFile(join(runDir, "plan.json"), "utf8")) as SmokePlan;
  if (earlier.hash === plan.hash) return;
  throw cannotUse(
    runDir,
    `an earlier run with ${difference(earlier, plan)}`,
    "the same arguments, or another --out",
  );
}

/** Writes what is settled, for people and for the next start. */
export async function writePlan(runDir: string, plan: SmokePlan): Promise<void> {
  await mkdir(runDir, { recursive: true });
  await writeAtomic(join(runDir, "recipe.yaml"), stringify(plan.recipe));
  await writeAtomic(join(runDir, "plan.json"), `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * Refuses to start where the run would fill the disk.
 *
 * Errors: SggError LAUNCH that tells what is free and what is needed.
 */
export async function checkDisk(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const inMb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  throw new SggError(
    "LAUNCH",
    `Cannot run in "${folder}": ${inMb(free)} free on its disk, expected at least ${inMb(neededBytes)}`,
  );
}

/** The first value in which two plans differ, in words. */
function difference(earlier: SmokePlan, plan: SmokePlan): string {
  const values = (one: SmokePlan) => ({ ...one.recipe, ...pick(one) });
  const found = firstDifference(values(earlier), values(plan));
  return found ? `${found.at} ${found.before} instead of ${found.now}` : "another plan";
}

const pick = ({ device, model, data }: SmokePlan) => ({ device, model, rows: data });

const cannotUse = (runDir: string, found: string, expected: string, cause?: unknown) =>
  new SggError("USAGE", `Cannot run in "${runDir}": it holds ${found}, expected ${expected}`, {
    cause,
  });
