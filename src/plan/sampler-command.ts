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
  /** The image processor keeps to these; null for a processor that has no such limits. */
  readonly pixels?: PixelLimits | null;
  /** GPUs that share one copy of the model. */
  readonly tensorParallel?: number;
  /** Share of a GPU's memory that it may take. */
  readonly gpuMemoryUtilization?: number;
  /** Threads on a CPU; one when absent. */
  readonly threads?: number;
  /** No CUDA graphs: slower, and less memory. Always so on CPU. */
  readonly enforceEager?: boolean;
  /** What it listens on; absent where the start adds it. */
  readonly host?: string;
  /** How new weights come while a model trains; null for a server that only answers. */
  readonly weights: "nccl" | "disk" | null;
}

/** The name under which a sampler serves the policy, whatever folder or Hub id it came from. */
export const servedModel = "policy";

/**
 * How a vLLM server is started: the arguments and environment of what is wanted.
 *
 * For training, `--enable-scale-out` and VLLM_SERVER_DEV_MODE open the routes by which TRL samples
 * with images and by which new weights are loaded. Log-probabilities are raw, that is before the bias
 * that forbids vision tokens, since the trainer knows no bias. The processor's pixel limits are the
 * trainer's, else both would see different images.
 *
 * Errors: none.
 */
export function serveCommand(options: ServeOptions): SamplerCommand {
  const { device, pixels, weights, tensorParallel = 1, enforceEager = weights !== null } = options;
  const limits = pixels && { min_pixels: pixels.minPixels, max_pixels: pixels.maxPixels };
  const training = [
    "--enable-scale-out",
    "--logprobs-mode",
    "raw_logprobs",
    "--max-logprobs",
    "-1",
  ];
  const args = [
    options.model,
    ...option("--served-model-name", options.name),
    ...option("--host", options.host),
    ...["--dtype", options.dtype, "--max-model-len", String(options.maxModelLen)],
    ...option("--max-num-seqs", options.maxNumSeqs),
    ...["--limit-mm-per-prompt", JSON.stringify({ image: 1, video: 0 })],
    ...option("--mm-processor-kwargs", limits ? JSON.stringify(limits) : undefined),
    ...option("--tensor-parallel-size", tensorParallel > 1 ? tensorParallel : undefined),
    ...(enforceEager || device === "cpu" ? ["--enforce-eager"] : []),
    ...(weights === null ? [] : training),
    ...(weights === "nccl" ? ["--weight-transfer-config", '{"backend":"nccl"}'] : []),
    ...(device === "cuda"
      ? option("--gpu-memory-utilization", options.gpuMemoryUtilization)
      : ["--distributed-executor-backend", "uni"]),
  ];
  return { args, env: environment(options) };
}

/** The vLLM server of a smoke run, on loopback. */
export const samplerCommand = (
  { image, sampler }: SmokeRecipe,
  device: Device,
  dtype: ServeOptions["dtype"],
  model: string,
  threads: number,
): SamplerCommand =>
  serveCommand({
    ...{ model, name: servedModel, host: "127.0.0.1", device, dtype, weights: "disk", threads },
    maxModelLen: sampler.max_model_len,
    maxNumSeqs: sampler.max_num_seqs,
    pixels: { minPixels: image.min_pixels, maxPixels: image.max_pixels },
    gpuMemoryUtilization: sampler.gpu_memory_utilization,
  });

const environment = ({ device, threads = 1, weights }: ServeOptions) => ({
  PYTHONUNBUFFERED: "1",
  ...(weights !== null && { VLLM_SERVER_DEV_MODE: "1" }),
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
  // Else FlashInfer compiles a sampler when the server starts, and where a node has no nvcc the server
  // dies of it (vLLM's issue 49497).
  ...(device === "cuda" && { VLLM_USE_FLASHINFER_SAMPLER: "0" }),
  // Else the first sample compiles its kernels, which takes seconds and a C++ compiler to be there.
  ...(device === "cpu" && { VLLM_CPU_KVCACHE_SPACE: "1", TORCHDYNAMO_DISABLE: "1" }),
  // Else the model has a process of its own, whatever --distributed-executor-backend says: a third start of
  // Python and vLLM, a GB more. Threads are then not bound to cores, and more than there are stand in each
  // other's way.
  ...(device === "cpu" && {
    VLLM_ENABLE_V1_MULTIPROCESSING: "0",
    VLLM_CPU_OMP_THREADS_BIND: "nobind",
    OMP_NUM_THREADS: String(threads),
  }),
});

const option = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [name, String(value)];
