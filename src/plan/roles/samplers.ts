import type { Recipe } from "../../recipe/recipe.ts";
import { shareOf } from "../role-share.ts";
import type { PlanRole } from "../run-plan.ts";
import { serveCommand, servedModel } from "../sampler-command.ts";
import { at, type Context, pythonEnv } from "./context.ts";

type Sampled = Extract<Recipe, { readonly sampler: unknown }>;

/** One vLLM server for each of the placement's places. */
export function samplerRoles(context: Context<Sampled>): readonly PlanRole[] {
  const { recipe, machine, placement, device, base } = context;
  const { sampler, image, seed } = recipe;
  const sharing = placement.shared ? 2 : 1;
  const [first] = placement.servers;
  const { args, env } = serveCommand({
    ...{ model: at.model, name: servedModel, device },
    dtype: device === "cuda" ? "bfloat16" : "float32",
    maxModelLen: sampler.max_model_len,
    maxNumSeqs: sampler.max_num_seqs,
    pixels: base.family?.startsWith("qwen")
      ? { minPixels: image.min_pixels, maxPixels: image.max_pixels }
      : null,
    tensorParallel: sampler.tensor_parallel,
    gpuMemoryUtilization: sampler.gpu_memory_utilization,
    enforceEager: sampler.enforce_eager,
    weights: recipe.stage === "grpo" ? sampler.sync : null,
    ...(first && { threads: shareOf(first, sharing, machine).cpus }),
  });
  return placement.servers.map((place, index) => ({
    name: `sampler-${index}`,
    kind: "service" as const,
    image: "sampler" as const,
    nodes: [place.node],
    gpus: place.gpus,
    ...shareOf(place, sharing, machine),
    command: [
      ...["vllm", "serve", ...args, "--seed", String(seed)],
      ...["--host", { host: place.node }, "--port", { port: `sampler-${index}` }],
    ],
    env: pythonEnv(context, env),
    after: [],
    ready: { port: `sampler-${index}`, path: "/health", timeoutSeconds: 1800 },
  }));
}

/** The names of the servers' roles. */
export const samplerNames = ({ placement }: Context): readonly string[] =>
  placement.servers.map((_, index) => `sampler-${index}`);

/** The servers as endpoints.json names them. */
export const samplerEndpoints = (context: Context, weights: "nccl" | "disk" | null) =>
  context.placement.servers.map(({ node }, index) => ({
    url: { url: `sampler-${index}`, on: node },
    model: servedModel,
    capacity: 1,
    ...(weights === "nccl" && { group_port: { port: `weights-${index}` } }),
    log: `logs/sampler-${index}.log`,
  }));
