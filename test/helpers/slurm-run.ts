import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readScriptParts } from "../../src/launch/slurm/script-parts.ts";
import { parseJobId } from "../../src/launch/slurm/submit.ts";
import { writeRun } from "../../src/launch/slurm/write-run.ts";
import type { PlanRole, RunPlan } from "../../src/plan/run-plan.ts";
import type { ClusterProfile } from "../../src/recipe/cluster-profile.ts";
import { seconds } from "../../src/recipe/duration.ts";
import type { SlurmCluster } from "./slurm-cluster.ts";
import { grpoPlan, profileOf } from "./slurm-plans.ts";

/** A line of events.jsonl. */
export type Event = Readonly<Record<string, string | number>> & { readonly event: string };

/** A submitted job with its run folder. */
export interface SlurmRun {
  readonly job: string;
  readonly runDir: string;
  readonly events: () => readonly Event[];
  /** Waits for an event of this name; fails with all that was said when the time is up. */
  readonly until: (name: string, count?: number) => Promise<Event>;
  /** Waits until Slurm says that the job is over, and gives its state. */
  readonly over: () => Promise<string>;
  /** Waits until the trainer has done a step. */
  readonly untilStep: (step: number) => Promise<void>;
  /** Lines of the trainer's progress file. */
  readonly progress: () => readonly Readonly<Record<string, unknown>>[];
  readonly log: (name: string) => Promise<string>;
  /** Last saved step. */
  readonly saved: () => Promise<number>;
}

/** States of Slurm in which a job will still change. */
const underWay = ["PENDING", "CONFIGURING", "RUNNING", "SIGNALING", "COMPLETING", "REQUEUED"];

const standIn = (name: string): string =>
  fileURLToPath(new URL(`../cluster/stand-ins/${name}.ts`, import.meta.url));

const launcher = fileURLToPath(new URL("../cluster/stand-ins/launcher.sh", import.meta.url));

/** What is different in a role of a stand-in plan. */
export interface StandIns {
  readonly id: string;
  readonly nodes: number;
  readonly trainer?: Readonly<Record<string, unknown>>;
  /** Moods of services by their role's name; see stand-ins/service.ts. */
  readonly moods?: Readonly<Record<string, string>>;
  readonly change?: (role: PlanRole) => PlanRole;
}

/** The GRPO plan with its commands replaced by light programs that speak the true protocol. */
export function standInPlan({ id, nodes, trainer, moods = {}, change }: StandIns): RunPlan {
  const plan = grpoPlan(nodes);
  const steps = { steps: 6, stepMs: 100, checkpointEvery: 2, ...trainer };
  const node = process.execPath;
  const roles = plan.roles.map((role): PlanRole => {
    const command =
      role.kind === "service"
        ? [node, standIn("service"), { port: role.name }, moods[role.name] ?? ""]
        : [launcher, node, standIn("trainer"), "artifacts/trainer.json", { node: true } as const];
    const { ready } = role;
    const quick = { ...role, command, ...(ready && { ready: { ...ready, timeoutSeconds: 120 } }) };
    return change?.(quick) ?? quick;
  });
  return { ...plan, id, roles, files: { "artifacts/trainer.json": JSON.stringify(steps) } };
}

/** A profile for the virtual cluster, with small waits. */
export const clusterProfileOf = (
  { shared }: SlurmCluster,
  slurm: Readonly<Record<string, unknown>> = {},
): ClusterProfile =>
  profileOf({
    slurm: {
      ...{ partition: "a100", time_limit: "00:05:00", grace_seconds: 3, tick_seconds: 1 },
      ...{ canary_seconds: 30, max_requeues: 2, signal_lead_seconds: 60, ...slurm },
    },
    storage: { runs: join(shared, "runs") },
  });

/** Submits a plan as the product does; jobs inherit the environment of who submits them. */
export async function start(
  cluster: SlurmCluster,
  asked: RunPlan,
  profile: ClusterProfile = clusterProfileOf(cluster),
  env: Readonly<Record<string, string>> = {},
): Promise<SlurmRun> {
  const { time_limit, max_requeues } = profile.slurm;
  const plan = { ...asked, limits: { seconds: seconds(time_limit), requeues: max_requeues } };
  const runDir = await writeRun(plan, profile, await readScriptParts(), {});
  const script = join(runDir, "artifacts/job.sbatch");
  const job = parseJobId(
    await cluster.on("login", ["sbatch", "--parsable", `--chdir=${runDir}`, script], { env }),
  );
  return follow(cluster, job, runDir);
}

function follow(cluster: SlurmCluster, job: string, runDir: string): SlurmRun {
  const lines = (path: string) => {
    const full = join(runDir, path);
    if (!existsSync(full)) return [];
    return readFileSync(full, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  const events = () => lines("events.jsonl") as readonly Event[];
  const progress = () => lines("progress/grpo.jsonl");
  const log = (name: string) => readFile(join(runDir, name), "utf8").catch(() => `(no ${name})`);
  const explain = async (what: string): Promise<never> => {
    const logs = await readdir(join(runDir, "logs")).catch(() => []);
    const texts = await Promise.all(
      ["slurm.log", ...logs.map((name) => `logs/${name}`)].map(
        async (name) => `== ${name}\n${(await log(name)).slice(-1500)}`,
      ),
    );
    const said = events().map((event) => JSON.stringify(event));
    throw new Error(`${what}\n${said.join("\n")}\n${texts.join("\n")}`);
  };
  const wait = async <T>(what: string, look: () => Promise<T | undefined> | T | undefined) => {
    for (let tries = 0; tries < 1000; tries += 1) {
      const found = await look();
      if (found !== undefined) return found;
      await delay(200); // Slurm and the job's script have no way to tell us
    }
    return explain(`${what} did not come in 200 s`);
  };
  const state = async () => {
    const text = await cluster.on("login", ["scontrol", "show", "job", job]);
    return /JobState=(\w+)/.exec(text)?.[1] ?? "";
  };
  return {
    job,
    runDir,
    events,
    log,
    until: (name, count = 1) =>
      wait(`event "${name}"`, () => events().filter(({ event }) => event === name)[count - 1]),
    over: () =>
      wait("the job's end", async () => {
        const now = await state();
        return underWay.includes(now) ? undefined : now;
      }),
    untilStep: async (step) => {
      await wait(`step ${step}`, () => progress().find((line) => Number(line.step) >= step));
    },
    progress,
    saved: async () =>
      Math.max(
        0,
        ...(await readdir(join(runDir, "checkpoints")).catch(() => [])).map((name) =>
          Number(name.split("-")[1] ?? 0),
        ),
      ),
  };
}

/** Waits until a run is over, and lets it start again at once as often as it is requeued. */
export async function overAtOnce(
  cluster: SlurmCluster,
  { job, events }: SlurmRun,
): Promise<string> {
  for (let tries = 0; tries < 2500; tries += 1) {
    const text = await cluster.on("login", ["scontrol", "show", "job", job]);
    const state = /JobState=(\w+)/.exec(text)?.[1] ?? "";
    if (!underWay.includes(state)) return state;
    if (state === "PENDING") await startNow(cluster, job);
    await delay(200);
  }
  throw new Error(`job ${job} is not over in 500 s: ${JSON.stringify(events())}`);
}

/** Lets a requeued job start now: Slurm would wait for two minutes. */
export async function startNow(cluster: SlurmCluster, job: string, minutes = 2): Promise<void> {
  for (let tries = 0; tries < minutes * 300; tries += 1) {
    const text = await cluster.on("login", ["scontrol", "show", "job", job]);
    if (/JobState=PENDING/.test(text)) {
      await delay(2000); // in the second of its requeue Slurm fails a job that it starts
      const update = ["scontrol", "update", `jobid=${job}`, "starttime=now"];
      await cluster.on("login", update).catch((error: Error) => {
        if (!/no longer pending/.test(error.message)) throw error; // it has just started by itself
      });
      return;
    }
    await delay(200);
  }
  throw new Error(`job ${job} was not requeued in ${minutes} min`);
}

/** What is left of runs on the hosts, as `host: command`: programs, their children, scripts of roles. */
export async function leftovers(cluster: SlurmCluster): Promise<readonly string[]> {
  const hosts = ["a1", "a2", "a3", "a4", "a5"];
  const found = await Promise.all(
    hosts.map(async (host) => {
      const text = await cluster.on(host, ["ps", "-eo", "args"]);
      const mine = text.split("\n").filter((line) => /stand-ins\/|sleep 1000|role\.sh/.test(line));
      return mine.map((line) => `${host}: ${line}`);
    }),
  );
  return found.flat();
}

/** Kills a program of a run on a host, by a word of its command. */
export const killOn = (cluster: SlurmCluster, host: string, word: string): Promise<string> =>
  cluster.on(host, ["pkill", "-KILL", "-f", "--", word]);
