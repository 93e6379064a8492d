import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { RunPlan, Word } from "../plan/run-plan.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { writeAtomic } from "../write-atomic.ts";

/** What is settled, for people and for the roles; secrets that are there stay. */
export async function writePlanned(plan: RunPlan, recipe: Recipe, runDir: string): Promise<void> {
  await writeAtomic(join(runDir, "recipe.yaml"), stringify(recipe));
  await writeAtomic(join(runDir, "plan.json"), `${JSON.stringify(plan, null, 2)}\n`);
  for (const folder of ["logs", "progress", "checkpoints"])
    await mkdir(join(runDir, folder), { recursive: true });
  for (const [path, text] of Object.entries(plan.files)) {
    await mkdir(dirname(join(runDir, path)), { recursive: true });
    await writeAtomic(join(runDir, path), text);
  }
  for (const path of plan.secrets) {
    await mkdir(dirname(join(runDir, path)), { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString("base64url");
    await writeFile(join(runDir, path), token, { mode: 0o600, flag: "wx" }).catch(
      (cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EEXIST") throw cause;
      },
    );
  }
}

/** Contents of the plan's secret files, by their path. */
export const readSecrets = async ({ secrets }: RunPlan, runDir: string) =>
  Object.fromEntries(
    await Promise.all(
      secrets.map(async (path) => [path, await readFile(join(runDir, path), "utf8")] as const),
    ),
  );

/** endpoints.json with the ports of this start. */
export async function writeEndpoints(
  { endpoints }: RunPlan,
  runDir: string,
  fill: (word: Word) => string,
): Promise<void> {
  if (endpoints === null) return;
  const { reward, samplers } = endpoints;
  const filled = {
    ...(reward && { reward: { url: fill(reward.url) } }),
    samplers: samplers.map(({ url, group_port, ...rest }) => ({
      ...{ url: fill(url), ...rest },
      ...(group_port !== undefined && { group_port: Number(fill(group_port)) }),
    })),
  };
  await writeAtomic(join(runDir, "endpoints.json"), `${JSON.stringify(filled, null, 2)}\n`);
}
