import { createHash } from "node:crypto";
import type { SmokeRecipe } from "../recipe/schema.ts";
import { type SamplerCommand, samplerCommand } from "./sampler-command.ts";
import { type WorkerConfigs, workerConfigs } from "./worker-configs.ts";

/** Where trainer and sampler run. On `cuda` they share one GPU. */
export type Device = "cpu" | "cuda";

/** What is asked for, with what the machine settled: the only input of the plan. */
export interface SmokeRequest {
  readonly recipe: SmokeRecipe;
  readonly device: Device;
  /** A folder or Hub id, or null for the tiny random model. */
  readonly model: string | null;
  /** The user's rows and the SHA-256 of their files in order, or null for drawn scenes. */
  readonly data: { readonly path: string; readonly sha256: string } | null;
}

/** One row of the final table: a method and the checkpoint that answers for it. */
export interface Method {
  readonly method: "baseline" | "SFT" | "SFT+RL";
  readonly checkpoint: string;
  readonly predictions: string;
  /** The stage that asks it. */
  readonly stage: string;
}

/** Everything a smoke run does, settled before its first effect. Paths are relative to the run folder. */
export interface SmokePlan extends SmokeRequest {
  readonly id: string;
  readonly hash: string;
  readonly dtype: "float32" | "bfloat16";
  /** Names of the stages, in the order in which they are marked done when nothing goes wrong. */
  readonly stages: readonly string[];
  readonly methods: readonly [Method, Method, Method];
  readonly configs: WorkerConfigs;
  readonly sampler: SamplerCommand;
}

/**
 * Settles a smoke run: same request in, same plan out, byte for byte.
 *
 * The id is the recipe's name and the first 8 hex digits of the hash over the whole request, so
 * that two runs share a folder only when they would do the same. The machine's CPU cores change
 * speed alone, and are not part of it.
 *
 * Errors: none; the recipe is checked before.
 */
export function smokePlan(request: SmokeRequest, cores: number): SmokePlan {
  const hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  const dtype = request.device === "cuda" ? "bfloat16" : "float32";
  const base = request.model ?? "checkpoints/base";
  // vLLM starts beside SFT: more threads than free cores make both many times slower.
  const threads = Math.max(1, cores >> 1);
  return {
    id: `${request.recipe.name}-${hash.slice(0, 8)}`,
    hash,
    ...request,
    dtype,
    stages: [
      ...["data", ...(request.model === null ? ["model"] : []), "infer-baseline", "sft"],
      ...["infer-sft", "grpo", "infer-sft+rl", "evaluate", "report"],
    ],
    methods: [
      toMethod("baseline", base),
      toMethod("SFT", "checkpoints/sft"),
      toMethod("SFT+RL", "checkpoints/grpo"),
    ],
    configs: workerConfigs(request.recipe, request.device, dtype, base, threads),
    sampler: samplerCommand(request.recipe, request.device, dtype, base, threads),
  };
}

function toMethod(method: Method["method"], checkpoint: string): Method {
  const name = method.toLowerCase();
  return { method, checkpoint, predictions: `predictions/${name}.jsonl`, stage: `infer-${name}` };
}
