import type { SmokeRecipe } from "../recipe/schema.ts";
import type { Device } from "./smoke-plan.ts";

/** How `vllm serve` is started: arguments after `serve`, without the port, which the start picks. */
export interface SamplerCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The name under which a sampler serves the policy, whatever folder or Hub id it came from. */
export const servedModel = "policy";

/**
 * The vLLM server of a smoke run.
 *
 * `--enable-scale-out` and VLLM_SERVER_DEV_MODE open the routes by which TRL samples with images
 * and by which new weights are loaded. Log-probabilities are raw, that is before the bias that
 * forbids vision tokens, since the trainer knows no bias. The processor's pixel limits are the
 * trainer's, else both would see different images.
 */
export function samplerCommand(
  recipe: SmokeRecipe,
  device: Device,
  dtype: string,
  model: string,
): SamplerCommand {
  const { image, sampler } = recipe;
  const pixels = { min_pixels: image.min_pixels, max_pixels: image.max_pixels };
  const shared = [
    ...[model, "--served-model-name", servedModel, "--host", "127.0.0.1", "--dtype", dtype],
    ...["--max-model-len", String(sampler.max_model_len)],
    ...["--max-num-seqs", String(sampler.max_num_seqs)],
    ...["--limit-mm-per-prompt", JSON.stringify({ image: 1, video: 0 })],
    ...["--mm-processor-kwargs", JSON.stringify(pixels)],
    ...["--enforce-eager", "--enable-scale-out"],
    ...["--logprobs-mode", "raw_logprobs", "--max-logprobs", "-1"],
  ];
  const env = {
    PYTHONUNBUFFERED: "1",
    VLLM_SERVER_DEV_MODE: "1",
    VLLM_NO_USAGE_STATS: "1",
    DO_NOT_TRACK: "1",
  };
  if (device === "cuda") {
    const memory = ["--gpu-memory-utilization", String(sampler.gpu_memory_utilization)];
    return { args: [...shared, ...memory], env };
  }
  return {
    args: [...shared, "--distributed-executor-backend", "uni"],
    env: { ...env, VLLM_CPU_KVCACHE_SPACE: "1" },
  };
}
