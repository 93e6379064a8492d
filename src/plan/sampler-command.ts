import type { PixelLimits } from "../core/models/families.ts";
import type { SmokeRecipe } from "../recipe/schema.ts";
import type { Device } from "./smoke-plan.ts";

/** How `vllm serve` is started: arguments after `serve`, without the port, which the start picks. */
export interface SamplerCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a vLLM server is to do; what is absent stays as vLLM has it. */
export interface ServeOptions {
  /** A folder or Hub id. */
  readonly model: string;
  /** The name it answers to; that of the model when absent. */
  readonly name?: string;
  readonly device: Device;
  readonly dtype: "float32" | "bfloat16";
  /** Tokens of prompt and answer; `auto`: as many as the model and the device have room for. */
  readonly maxModelLen: number | "auto";
  readonly maxNumSeqs?: number;
  /** The image processor keeps to these. */
  readonly pixels?: PixelLimits;
  /** Share of a GPU's memory that it may take. */
  readonly gpuMemoryUtilization?: number;
  /** Threads on a CPU that it shares with others; all of it when absent. */
  readonly threads?: number;
  /** Opens the routes for new weights and for TRL, and gives raw log-probabilities. */
  readonly training: boolean;
}

/** The name under which a sampler serves the policy, whatever folder or Hub id it came from. */
export const servedModel = "policy";

/**
 * The vLLM server of a smoke run.
 *
 * The processor's pixel limits are the trainer's, else both would see different images.
 */
export const samplerCommand = (
  { image, sampler }: SmokeRecipe,
  device: Device,
  dtype: "float32" | "bfloat16",
  model: string,
): SamplerCommand =>
  serveCommand({
    ...{ model, name: servedModel, device, dtype, training: true },
    maxModelLen: sampler.max_model_len,
    maxNumSeqs: sampler.max_num_seqs,
    pixels: { minPixels: image.min_pixels, maxPixels: image.max_pixels },
    gpuMemoryUtilization: sampler.gpu_memory_utilization,
  });

/**
 * How a vLLM server is started on this machine.
 *
 * For training, `--enable-scale-out` and VLLM_SERVER_DEV_MODE open the routes by which TRL samples
 * with images and by which new weights are loaded. Log-probabilities are raw, that is before the bias
 * that forbids vision tokens, since the trainer knows no bias.
 */
export function serveCommand(options: ServeOptions): SamplerCommand {
  const { device, pixels, training } = options;
  const limits = pixels && { min_pixels: pixels.minPixels, max_pixels: pixels.maxPixels };
  const args = [
    options.model,
    ...option("--served-model-name", options.name),
    ...["--host", "127.0.0.1", "--dtype", options.dtype],
    ...["--max-model-len", String(options.maxModelLen)],
    ...option("--max-num-seqs", options.maxNumSeqs),
    ...["--limit-mm-per-prompt", JSON.stringify({ image: 1, video: 0 })],
    ...option("--mm-processor-kwargs", limits && JSON.stringify(limits)),
    ...(training || device === "cpu" ? ["--enforce-eager"] : []),
    ...(training ? ["--enable-scale-out"] : []),
    ...(training ? ["--logprobs-mode", "raw_logprobs", "--max-logprobs", "-1"] : []),
    ...(device === "cuda"
      ? option("--gpu-memory-utilization", options.gpuMemoryUtilization)
      : ["--distributed-executor-backend", "uni"]),
  ];
  return { args, env: environment(options) };
}

const environment = ({ device, threads, training }: ServeOptions) => ({
  PYTHONUNBUFFERED: "1",
  ...(training && { VLLM_SERVER_DEV_MODE: "1" }),
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
  ...(device === "cpu" && { VLLM_CPU_KVCACHE_SPACE: "1" }),
  // vLLM binds its threads to cores by itself, those of several servers to the same ones.
  ...(device === "cpu" &&
    threads !== undefined && {
      VLLM_CPU_OMP_THREADS_BIND: "nobind",
      OMP_NUM_THREADS: String(threads),
    }),
});

const option = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [name, String(value)];
