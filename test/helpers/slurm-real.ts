import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { shipped } from "../../src/root.ts";
import { type SlurmCluster, startSlurmCluster } from "./slurm-cluster.ts";

/** Hosts on which jobs of the partition "a100" run. */
export const hosts: readonly string[] = ["a1", "a2", "a3", "a4", "a5"];

/** `r1sgg` on the login node of a virtual cluster, as a user calls it there; gives what it prints. */
export const r1sggOn =
  (cluster: SlurmCluster, cwd: string) =>
  (...args: readonly string[]): Promise<string> =>
    cluster.on("login", [process.execPath, shipped("src/cli/main.ts"), ...args], { cwd });

/** A virtual cluster, and a folder on its shared disk with cluster.yaml and a file for each recipe. */
export async function startRealCluster(
  recipes: Readonly<Record<string, object>>,
): Promise<{ readonly cluster: SlurmCluster; readonly folder: string }> {
  const cluster = await startSlurmCluster();
  const folder = join(cluster.shared, "home");
  await mkdir(folder);
  await writeFile(join(folder, "cluster.yaml"), await realProfile(cluster));
  for (const [name, recipe] of Object.entries(recipes))
    await writeFile(join(folder, `${name}.yaml`), stringify(recipe));
  return { cluster, folder };
}

/**
 * A profile of the virtual cluster on which the real programs run: the lines of `r1sgg python` put them
 * on PATH. Three cores a node, so that nobody starts many threads.
 */
async function realProfile(cluster: SlurmCluster): Promise<string> {
  const python = await r1sggOn(cluster, cluster.shared)("python", "--device", "cpu", "--json");
  return stringify({
    name: "virtual",
    node: {
      ...{ gpus: 4, gpu: "a100", gpu_memory_gib: 80, cpus: 3, memory_gib: 64, arch: "x86_64" },
    },
    slurm: {
      ...{ partition: "a100", time_limit: "01:00:00", signal_lead_seconds: 60 },
      ...{ grace_seconds: 10, tick_seconds: 1, canary_seconds: 60 },
    },
    storage: { runs: join(cluster.shared, "runs") },
    setup: JSON.parse(python) as readonly string[],
  });
}

/** Processes of runs on a host, by the variable that all of them carry: their commands. */
export async function runProcesses(cluster: SlurmCluster, host: string): Promise<string[]> {
  const look = `grep -lz ^R1SGG_RUN_TOKEN= /proc/[0-9]*/environ 2>/dev/null |
    while IFS=/ read -r _ _ pid _; do tr '\\0' ' ' <"/proc/$pid/cmdline"; echo; done; true`;
  const text = await cluster.on(host, ["bash", "-c", look]);
  return text.split("\n").filter((line) => line !== "");
}

/** Waits until hosts run programs with a word in their commands; gives all commands of each host. */
export async function untilRunning(
  cluster: SlurmCluster,
  wanted: Readonly<Record<string, string>>,
  isOver: () => boolean,
): Promise<readonly (readonly string[])[]> {
  for (;;) {
    const found = await Promise.all(hosts.map((host) => runProcesses(cluster, host)));
    const runs = (host: string, word: string) =>
      found[hosts.indexOf(host)]?.some((line) => line.includes(word)) === true;
    if (isOver() || Object.entries(wanted).every(([host, word]) => runs(host, word))) return found;
    await delay(200);
  }
}

/** What `status --json` must say of a run. */
export interface Status {
  readonly state: string;
  readonly reason?: string;
  readonly progress?: { readonly step: number; readonly of: number };
  readonly slurm: { readonly job: string };
}

/** States of Slurm in which a job will still change. */
const underWay = /JobState=(PENDING|CONFIGURING|RUNNING|SIGNALING|COMPLETING|REQUEUED)/;

/** Waits until a job is over, whatever the machine takes; the look is cheap, and only Slurm knows. */
export async function jobOver(cluster: SlurmCluster, job: string, minutes: number): Promise<void> {
  const deadline = performance.now() + minutes * 60_000;
  for (;;) {
    const shown = await cluster.on("login", ["scontrol", "show", "job", job]);
    if (!underWay.test(shown)) return;
    if (performance.now() > deadline) throw new Error(`after ${minutes} min: ${shown}`);
    await delay(500);
  }
}

/** What a finished run leaves in its folder, whatever its stage. */
export const runFiles = [
  ...["recipe.yaml", "plan.json", "record.json", "events.jsonl", "slurm.log"],
  ...["artifacts/job.sbatch", "artifacts/slurm/role.sh", "attempts/0/hosts", "attempts/0/ports"],
] as const;

/**
 * A recipe of the paper, zero-RL of 2B, with a tiny random model, on so many places without a GPU. Its
 * answers are short and earn no reward: a strong weight decay changes the weights, which the servers follow.
 */
export const tinyZero = (gpus: number, steps: number): Readonly<Record<string, unknown>> => ({
  extends: shipped("recipes/paper/r1-sgg-zero/2b-vg150-open.yaml"),
  model: {
    tiny: { layers: 2, hidden_size: 192, intermediate_size: 512, heads: 6, key_value_heads: 3 },
  },
  image: { max_pixels: 18_816 },
  data: { train: { synth: { count: 64, seed: 1 } } },
  grpo: {
    ...{ steps, prompts_per_step: 4, max_completion_length: 24, max_prompt_length: 1024 },
    ...{ dtype: "float32", tf32: false, parallel: "ddp", checkpoints: { every_steps: 1 } },
    ...{ learning_rate: 0.001, weight_decay: 5 },
  },
  rewards: { similarity: "exact" },
  sampler: { max_model_len: 2048, max_num_seqs: 32, enforce_eager: true },
  resources: { gpus, device: "cpu" },
});
