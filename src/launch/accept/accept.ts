import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../../errors.ts";
import { type AcceptPlan, type AcceptRun, acceptSteps, cutAt } from "../../plan/acceptance.ts";
import type { Machine } from "../../plan/machine.ts";
import { planRun } from "../../plan/plan-run.ts";
import { loadRun, type RunRecipe } from "../../recipe/load-run.ts";
import type { Acceptance } from "../../report/acceptance/acceptance.ts";
import { verdictOf } from "../../report/acceptance/check.ts";
import { judge } from "../../report/acceptance/judge.ts";
import { shipped } from "../../root.ts";
import { writeAtomic } from "../../write-atomic.ts";
import type { Teller } from "../smoke-run.ts";
import { readEvidence } from "./evidence.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { type AcceptedRun, runOnce, type Starter } from "./run-once.ts";

/** What an acceptance needs beside its plan. */
export interface Accepting {
  /** For acceptance.json, and below it `runs`. */
  readonly out: string;
  readonly machine: Machine;
  readonly facts: MachineFacts;
  readonly tell: Teller;
  readonly starter?: Starter;
}

type Planned = Partial<Record<AcceptRun, AcceptedRun>>;

/**
 * The runs of the kit for a machine, before anything is started.
 *
 * Errors: SggError PLAN for what does not fit the machine
 */
export async function planRuns(kit: AcceptPlan, machine: Machine): Promise<Planned> {
  const planned: Planned = {};
  let start: RunRecipe | null = null;
  for (const { name, set, cutAt } of kit.runs) {
    const read = await loadRun(shipped(`recipes/accept/${name}.yaml`), { set });
    // What a run starts from has the kit's settings, not only its recipe's.
    const run: RunRecipe = name === "start" ? read : { ...read, upstream: start };
    start ??= run;
    const plan = planRun({ run, machine, backend: "local", gpus: kit.gpus });
    planned[name] = { plan, recipe: run.recipe, cutAt };
  }
  return planned;
}

/**
 * Does what the kit wants, and keeps acceptance.json up to date: it is true whenever we are cut off.
 *
 * A run that fails is a finding, and those that do not start from it are run nevertheless. Started again
 * with the same folder it goes on where it was.
 *
 * Errors: SggError INTERRUPTED, with the record written
 */
export async function accept(kit: AcceptPlan, accepting: Accepting): Promise<Acceptance> {
  const { out, machine, tell, starter } = accepting;
  const runs = await planRuns(kit, machine);
  const runsDir = join(out, "runs");
  await mkdir(runsDir, { recursive: true });
  const startedAt = new Date().toISOString();
  const record = async (over: boolean): Promise<Acceptance> => {
    const now = await gather(kit, runs, accepting, startedAt);
    const ended = { ...now, endedAt: over ? new Date().toISOString() : null };
    await writeAtomic(join(out, "acceptance.json"), `${JSON.stringify(ended, null, 2)}\n`);
    return ended;
  };
  await record(false);
  for (const [name, run] of Object.entries(runs)) {
    tell.say(`${kit.rehearsal === null ? "" : `${kit.rehearsal}; `}${name}: ${run.plan.id}`);
    try {
      await runOnce(run, { runDir: join(runsDir, run.plan.id), runsDir }, tell, starter);
    } catch (error) {
      await record(false);
      if (!(error instanceof SggError) || error.code === "INTERRUPTED") throw error;
      tell.say(error.message);
      if (name === "start") break;
    }
    await record(false);
  }
  return record(true);
}

async function gather(
  kit: AcceptPlan,
  runs: Planned,
  { out, facts }: Accepting,
  startedAt: string,
): Promise<Acceptance> {
  const evidence = async (name: AcceptRun) => {
    const run = runs[name];
    if (run === undefined) throw new TypeError(`the kit has a run ${name}`);
    return readEvidence(run.plan, join(out, "runs", run.plan.id));
  };
  const [start, disk] = [await evidence("start"), await evidence("disk")];
  const nccl = kit.withoutNccl ?? (await evidence("nccl"));
  const colocated = kit.withoutColocated ?? (await evidence("colocated"));
  const checks = judge({ steps: acceptSteps, cutAt, start, disk, nccl, colocated });
  const all = {
    ...{ start, disk },
    ...(typeof nccl !== "string" && { nccl }),
    ...(typeof colocated !== "string" && { colocated }),
  };
  return {
    format: 1,
    verdict: verdictOf(checks),
    note: kit.rehearsal,
    startedAt,
    endedAt: null,
    device: kit.gpus === 0 ? "cpu" : "cuda",
    gpus: kit.gpus,
    model: kit.model ?? "tiny",
    ...facts,
    checks,
    runs: Object.fromEntries(
      Object.entries(all).map(([name, { id, state, reason }]) => [name, { id, state, reason }]),
    ),
  };
}
