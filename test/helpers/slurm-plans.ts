import type { PlanRole, RunPlan } from "../../src/plan/run-plan.ts";
import { type ClusterProfile, clusterProfile } from "../../src/recipe/cluster-profile.ts";

/** A cluster profile with what a test cares about. */
export const profileOf = (
  fields: { readonly [Key in keyof ClusterProfile]?: unknown } = {},
): ClusterProfile =>
  clusterProfile.parse({
    name: "tiny",
    node: { gpus: 4, gpu: "a100", cpus: 16, memory_gib: 64, arch: "x86_64" },
    slurm: { partition: "a100", time_limit: "01:00:00" },
    storage: { runs: "/scratch/runs" },
    ...fields,
  });

/** A plan around some roles. */
export const planOf = (roles: readonly PlanRole[], fields: Partial<RunPlan> = {}): RunPlan => ({
  id: "grpo-01234567",
  hash: "01234567".repeat(8),
  recipeHash: "89abcdef".repeat(8),
  stage: "grpo",
  backend: "slurm",
  topology: { nodes: 1, gpusPerNode: 4, gpu: "a100" },
  inputs: {},
  secrets: [],
  roles,
  files: {},
  endpoints: null,
  ports: [],
  limits: { seconds: null, requeues: 0 },
  device: "cuda",
  family: "qwen2-vl",
  image: { min_pixels: 3136, max_pixels: 401_408 },
  arithmetic: {
    ...{ trainers: 2, perStep: 8, perDevice: 4, accumulation: 1, steps: 8, checkpointEvery: 2 },
    ...{ group: 4, rows: null },
  },
  estimate: {
    ...{ stepSeconds: null, source: null, hours: null, gpuHours: null },
    ...{ checkpoints: null, tokens: null },
  },
  memory: null,
  warnings: [],
  ...fields,
});

/** A role on node 0 that does nothing. */
export const roleOf = (name: string, fields: Partial<PlanRole> = {}): PlanRole => ({
  name,
  kind: "task",
  image: "worker",
  nodes: [0],
  gpus: [],
  cpus: 4,
  memoryMib: 4096,
  command: ["true"],
  env: {},
  after: [],
  ...fields,
});

/**
 * GRPO with half of the GPUs for samplers: on one node two and two, on more whole nodes each. Every
 * role has the words that its real command has.
 */
export function grpoPlan(nodes: number, fields: Partial<RunPlan> = {}): RunPlan {
  const half = nodes / 2;
  const all = Array.from({ length: nodes }, (_, node) => node);
  const [training, sampling] = nodes === 1 ? [[0], [0]] : [all.slice(0, half), all.slice(half)];
  const [trainGpus, sampleGpus] =
    nodes === 1
      ? [
          [0, 1],
          [2, 3],
        ]
      : [
          [0, 1, 2, 3],
          [0, 1, 2, 3],
        ];
  const servers = sampling.flatMap((node) => sampleGpus.map((gpu) => ({ node, gpu })));
  const samplers = servers.map(({ node, gpu }, i) => {
    const name = `sampler-${i}`;
    return roleOf(name, {
      kind: "service",
      image: "sampler",
      nodes: [node],
      gpus: [gpu],
      command: ["vllm", "serve", "model", "--host", "0.0.0.0", "--port", { port: name }],
      ready: { port: name, path: "/health", timeoutSeconds: 1800 },
    });
  });
  const reward = roleOf("reward", {
    kind: "service",
    image: "reward",
    command: [
      ...["r1sgg", "reward", "serve", "--host", "0.0.0.0", "--token-file", "secrets/reward"],
      ...["--port", { port: "reward" }],
    ],
    ready: { port: "reward", path: "/ready", timeoutSeconds: 120 },
  });
  const trainer = roleOf("trainer", {
    nodes: training,
    gpus: trainGpus,
    command: [
      ...["torchrun", `--nnodes=${training.length}`, `--nproc-per-node=${trainGpus.length}`],
      ...["--node-rank", { node: true } as const, "--master-addr", { host: 0 }],
      ...["--master-port", { port: "master" }],
      ...["-m", "r1sgg_worker", "grpo", "artifacts/grpo.json"],
    ],
    env: { PYTHONUNBUFFERED: "1" },
    secretEnv: { R1SGG_REWARD_TOKEN: "secrets/reward" },
    after: ["reward", ...samplers.map(({ name }) => name)],
    heartbeat: { path: "progress/grpo.jsonl", stallSeconds: 1800 },
  });
  return planOf([reward, ...samplers, trainer], {
    topology: { nodes, gpusPerNode: 4, gpu: "a100" },
    secrets: ["secrets/reward"],
    ports: ["reward", "master", ...samplers.map(({ name }) => name)],
    endpoints: {
      reward: { url: { url: "reward", on: 0 } },
      samplers: samplers.map(({ name, nodes: [node = 0] }) => ({
        url: { url: name, on: node },
        model: "policy",
        capacity: 1,
        log: `logs/${name}.log`,
      })),
    },
    ...fields,
  });
}
