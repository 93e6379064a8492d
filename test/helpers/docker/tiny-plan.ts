import type { PlanRole, RunPlan } from "../../../src/plan/run-plan.ts";
import type { Recipe } from "../../../src/recipe/recipe.ts";
import { lightBase } from "./light-base.ts";

/** A service of busybox that answers on its port, and says what it was given. */
const server = `
echo "serving, token $HF_TOKEN devices $NVIDIA_VISIBLE_DEVICES."
trap 'echo asked to end; exit 0' TERM
mkdir -p /tmp/served && printf ok >/tmp/served/health
httpd -p "127.0.0.1:$1" -h /tmp/served
while :; do sleep 60 & wait $!; done`;

/** A task that asks a service, writes a file, and ends with a code, or when a file says so. */
const client = `
trap 'echo saved a checkpoint; exit 0' TERM
wget -q -O answer.txt "$1/health" && echo answered
[ "$2" = stay ] || exit "$2"
while [ ! -e finish ]; do sleep 0.05; done`;

const role = (name: string, fields: Partial<PlanRole>): PlanRole => ({
  ...{ name, kind: "service", image: "reward", nodes: [0], gpus: [], cpus: 1, memoryMib: 100 },
  ...{ command: [], env: {}, after: [] },
  ...fields,
});

/** A plan of three light roles: two services and a task that ends as it is told. */
export function tinyPlan({
  id = "tiny-0123abcd",
  ends = "0",
  gpus = [] as number[],
} = {}): RunPlan {
  const ready = (port: string) => ({ port, path: "/health", timeoutSeconds: 120 });
  const serve = (port: string) => ["sh", "-c", server, "sh", { port }];
  return {
    ...{
      id,
      hash: "0".repeat(64),
      recipeHash: "",
      stage: "grpo",
      backend: "docker",
      device: "cpu",
    },
    ...{ files: { "artifacts/note.txt": "from the plan\n" }, ports: ["reward", "sampler"] },
    ...{
      inputs: {},
      secrets: ["secrets/token"],
      warnings: [],
      memory: null,
      family: null,
      image: null,
    },
    endpoints: { reward: { url: { url: "reward", on: 0 } }, samplers: [] },
    limits: { seconds: null, requeues: 0 },
    arithmetic: {
      ...{ trainers: 1, group: 1, rows: null, perStep: 1, perDevice: 1, accumulation: 1 },
      ...{ steps: null, checkpointEvery: null },
    },
    estimate: {
      ...{ stepSeconds: null, source: null, hours: null, gpuHours: null },
      ...{ checkpoints: null, tokens: null },
    },
    topology: { nodes: 1, gpusPerNode: gpus.length, gpu: null },
    roles: [
      role("reward", { command: serve("reward"), ready: ready("reward") }),
      role("sampler", {
        image: "sampler",
        gpus: gpus.slice(0, 1),
        command: serve("sampler"),
        ready: ready("sampler"),
      }),
      role("trainer", {
        kind: "task",
        image: "worker",
        gpus: gpus.slice(1),
        command: ["sh", "-c", client, "sh", { url: "reward", on: 0 }, ends],
        after: ["reward", "sampler"],
      }),
    ],
  };
}

/** Every kind of role on the light base. */
export const lightImages = { reward: lightBase, sampler: lightBase, worker: lightBase };

/** A recipe for those who only write it down. */
export const tinyRecipe = { name: "tiny" } as unknown as Recipe;
