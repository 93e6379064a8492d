import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../errors.ts";
import type { PlanRole, RunPlan } from "../plan/run-plan.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { bringInputs, type RunTool } from "./inputs/bring-inputs.ts";
import { loadRecord } from "./load-record.ts";
import { followRole } from "./local/follow-role.ts";
import { readSecrets, writeEndpoints, writePlanned } from "./planned-files.ts";
import type { RoleSpec } from "./role.ts";
import { runRoles } from "./run-roles.ts";
import type { Teller } from "./smoke-run.ts";
import { type Supervisor, superviseRun } from "./supervise.ts";

/** Where a run is, and where those are that it starts from. */
export interface RunPlace {
  readonly runDir: string;
  readonly runsDir: string;
}

/** Where roles run: as processes of this machine, or in its containers. */
export interface RoleHost {
  /** Makes all ready that the roles need, before the run's inputs are brought. */
  readonly open: (supervisor: Supervisor) => Promise<OpenHost>;
  /** Leaves nothing of the run, however it ended; also when `open` was never called. */
  readonly close: () => Promise<void>;
}

/** A host with everything in place. */
export interface OpenHost {
  readonly runTool: RunTool;
  /** Called once the inputs are in the run folder. */
  readonly brought?: () => Promise<void>;
  /** What is started for a role; `tokens` are the contents of the plan's secret files, by path. */
  readonly toSpec: (
    role: PlanRole,
    argv: readonly string[],
    more: { readonly health: string | undefined; readonly tokens: Tokens },
  ) => RoleSpec;
}

/** Contents of secret files, by their path. */
export type Tokens = Readonly<Record<string, string>>;

/** Where a launch speaks, and how it is ended. */
export interface LaunchTelling {
  readonly tell: Teller;
  readonly graceMs?: number | undefined;
  /** Interrupts the run as Ctrl-C does, with its reason. */
  readonly interrupt?: AbortSignal | undefined;
}

/**
 * Runs a plan on this machine, or goes on with one that was cut off.
 *
 * A run that is done already is left as it is.
 *
 * Errors: SggError USAGE when the folder holds another plan; else what ended the run, of which nothing is left
 */
export async function launchHere(
  plan: RunPlan,
  recipe: Recipe,
  { runDir, runsDir }: RunPlace,
  host: RoleHost,
  { tell, graceMs, interrupt }: LaunchTelling,
): Promise<void> {
  if (plan.topology.nodes > 1) throw cannotLaunch(plan, `${plan.topology.nodes} nodes`, "one");
  await checkFolder(plan, runDir);
  if ((await loadRecord(runDir))?.state === "done")
    return tell.say(`${plan.id} is done already, in ${runDir}`);
  await mkdir(runDir, { recursive: true });
  const run = {
    ...{ runDir, runId: plan.id, say: tell.say },
    ...(graceMs !== undefined && { graceMs }),
    ...(interrupt !== undefined && { interrupt }),
  };
  try {
    await superviseRun(run, async (supervisor) => {
      const { signal } = supervisor;
      supervisor.stage("inputs");
      await writePlanned(plan, recipe, runDir);
      const { runTool, brought, toSpec } = await host.open(supervisor);
      await bringInputs(plan, { runDir, runsDir, runTool, tell, signal });
      await brought?.();
      const tokens = await readSecrets(plan, runDir);
      supervisor.stage(plan.stage);
      const over = new AbortController();
      const following = AbortSignal.any([signal, over.signal]);
      try {
        await runRoles(plan, {
          ...{ supervisor, tell },
          begin: (fill) => writeEndpoints(plan, runDir, fill),
          toSpec: (role, argv, health) => {
            followRole(role, { runDir, supervisor, tell, signal: following });
            return toSpec(role, argv, { health, tokens });
          },
        });
      } finally {
        over.abort();
      }
    });
  } finally {
    await host.close();
  }
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
