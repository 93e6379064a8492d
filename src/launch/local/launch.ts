import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { SggError } from "../../errors.ts";
import type { RunPlan, Word } from "../../plan/run-plan.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { writeAtomic } from "../../write-atomic.ts";
import { bringInputs } from "../inputs/bring-inputs.ts";
import { loadRecord } from "../load-record.ts";
import { ensurePythonEnv } from "../python-env.ts";
import { writeFacts } from "../run-facts.ts";
import { runRoles } from "../run-roles.ts";
import type { Teller } from "../smoke-run.ts";
import { superviseRun } from "../supervise.ts";
import { followRole } from "./follow-role.ts";
import { localSpec } from "./local-spec.ts";

/** Where a run is, and where those are that it starts from. */
export interface LocalPlace {
  readonly runDir: string;
  readonly runsDir: string;
}

/**
 * Runs a plan as processes of this machine, or goes on with one that was cut off.
 *
 * A run that is done already is left as it is.
 *
 * Errors: SggError USAGE when the folder holds another plan; else what ended the run, of which nothing is left
 */
export async function launchLocally(
  plan: RunPlan,
  recipe: Recipe,
  { runDir, runsDir }: LocalPlace,
  tell: Teller,
): Promise<void> {
  if (plan.topology.nodes > 1) throw cannotLaunch(plan, `${plan.topology.nodes} nodes`, "one");
  await checkFolder(plan, runDir);
  if ((await loadRecord(runDir))?.state === "done")
    return tell.say(`${plan.id} is done already, in ${runDir}`);
  await mkdir(runDir, { recursive: true });
  await superviseRun({ runDir, runId: plan.id, say: tell.say }, async (supervisor) => {
    const { signal } = supervisor;
    supervisor.stage("inputs");
    await writePlanned(plan, recipe, runDir);
    const needsPython = plan.roles.some(({ image }) => image !== "reward");
    const python = needsPython
      ? await ensurePythonEnv({ device: plan.device, say: tell.say, signal })
      : undefined;
    await writeFacts(plan, runDir, python);
    await bringInputs(plan, { runDir, runsDir, python, tell, signal });
    const tokens = await readSecrets(plan, runDir);
    supervisor.stage(plan.stage);
    const over = new AbortController();
    const following = AbortSignal.any([signal, over.signal]);
    try {
      await runRoles(plan, {
        ...{ supervisor, tell },
        begin: (fill) => writeEndpoints(plan, runDir, fill),
        toSpec: (role, argv) => {
          followRole(role, { runDir, supervisor, tell, signal: following });
          return localSpec(role, argv, { runDir, device: plan.device, python, tokens });
        },
      });
    } finally {
      over.abort();
    }
  });
}

const cannotLaunch = ({ id }: RunPlan, found: string, expected: string): SggError =>
  new SggError("PLAN", `Cannot run "${id}" on this machine: ${found}, expected ${expected}`);

/** Refuses a folder of another run. */
async function checkFolder(plan: RunPlan, runDir: string): Promise<void> {
  const text = await readFile(join(runDir, "plan.json"), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { hash, id } = JSON.parse(text) as Partial<RunPlan>;
  if (hash === plan.hash) return;
  throw new SggError(
    "USAGE",
    `Cannot run "${plan.id}" in "${runDir}": it holds the run "${id}", expected a folder of its own`,
  );
}

/** What is settled, for people and for the roles; secrets that are there stay. */
async function writePlanned(plan: RunPlan, recipe: Recipe, runDir: string): Promise<void> {
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

const readSecrets = async ({ secrets }: RunPlan, runDir: string) =>
  Object.fromEntries(
    await Promise.all(
      secrets.map(async (path) => [path, await readFile(join(runDir, path), "utf8")] as const),
    ),
  );

/** endpoints.json with the ports of this start. */
async function writeEndpoints(
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
