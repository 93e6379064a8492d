import { readScriptParts } from "../../src/launch/slurm/script-parts.ts";
import { checkpointRuns } from "../../src/plan/checkpoints.ts";
import { clusterMachine } from "../../src/plan/machine.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import { renderArray } from "../../src/plan/slurm/array.ts";
import { renderSlurm } from "../../src/plan/slurm/render.ts";
import { loadClusterProfile } from "../../src/recipe/load-cluster-profile.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { shipped } from "../../src/root.ts";

/** A recipe of the paper as a job on one of the shipped profiles, by its name: recipe.cluster.gpus. */
export interface Render {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

interface Asked {
  readonly recipe: string;
  readonly cluster: string;
  readonly gpus: number;
  /** Changes of the recipe, and of the profile, with what tells them apart in the name. */
  readonly as?: string;
  readonly set?: readonly string[];
  readonly profile?: readonly string[];
}

const server = { as: ".server", set: ["sampler.mode=server"] };
const apart = { ...server, as: ".heterogeneous", profile: ["slurm.heterogeneous=true"] };
/** With half of the GPUs for servers the trainers' shards of a 7B leave room for smaller parts only. */
const smaller = { ...server, set: [...server.set, "grpo.per_device_batch_size=4"] };

const asked: readonly Asked[] = [
  { recipe: "sft/2b-vg150-open", cluster: "generic-a100", gpus: 4 },
  { recipe: "sft/2b-vg150-open", cluster: "infiniband", gpus: 16 },
  { recipe: "sft/7b-psg-closed", cluster: "alps-gh200", gpus: 4 },
  { recipe: "r1-sgg/2b-vg150-open", cluster: "generic-a100", gpus: 16 },
  { recipe: "r1-sgg/2b-vg150-open", cluster: "generic-a100", gpus: 4, ...server },
  { recipe: "r1-sgg/2b-vg150-open", cluster: "generic-a100", gpus: 16, ...server },
  { recipe: "r1-sgg/2b-vg150-open", cluster: "generic-a100", gpus: 16, ...apart },
  { recipe: "r1-sgg/2b-vg150-open", cluster: "infiniband", gpus: 16, ...server },
  { recipe: "r1-sgg-zero/7b-vg150-closed", cluster: "alps-gh200", gpus: 16 },
  { recipe: "r1-sgg-zero/7b-vg150-closed", cluster: "alps-gh200", gpus: 16, ...smaller },
  { recipe: "ablations/kl-2b-vg150-open", cluster: "infiniband", gpus: 4 },
  { recipe: "infer/r1-sgg-7b-vg150-closed-on-psg", cluster: "alps-gh200", gpus: 4 },
  { recipe: "infer/baseline-2b-open-on-vg150", cluster: "generic-a100", gpus: 1 },
  { recipe: "eval/r1-sgg-7b-vg150-closed-on-vg150", cluster: "infiniband", gpus: 0 },
  { recipe: "vqa/qwen2-vl-7b", cluster: "infiniband", gpus: 4 },
  { recipe: "vqa/instructblip-7b", cluster: "generic-a100", gpus: 1 },
];

const environment = { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a01" };

/** The script of a job array: three models of a training of the paper, asked on four GPUs each. */
export async function checkpointArray(): Promise<string> {
  const profile = await loadClusterProfile(shipped("slurm/generic-a100.yaml"), { environment });
  const run = await loadRun(shipped("recipes/paper/infer/r1-sgg-2b-vg150-open-on-vg150.yaml"));
  const machine = clusterMachine(profile);
  const plans = checkpointRuns(run, [500, 1000, null]).map((one) =>
    planRun({ run: one, machine, backend: "slurm", gpus: 4 }),
  );
  return renderArray(plans, profile, (await readScriptParts()).array);
}

/** Recipes of the paper as jobs: every stage, every shipped profile, from none to 16 GPUs. */
export async function allRenders(): Promise<readonly Render[]> {
  const parts = await readScriptParts();
  return Promise.all(
    asked.map(async ({ recipe, cluster, gpus, as = "", set = [], profile: changes = [] }) => {
      const options = { environment, set: changes };
      const profile = await loadClusterProfile(shipped(`slurm/${cluster}.yaml`), options);
      const run = await loadRun(shipped(`recipes/paper/${recipe}.yaml`), { set });
      const plan = planRun({ run, machine: clusterMachine(profile), backend: "slurm", gpus });
      const name = `${recipe.replaceAll("/", "-")}.${cluster}.${gpus}${as}`;
      return { name, files: renderSlurm(plan, profile, parts) };
    }),
  );
}
