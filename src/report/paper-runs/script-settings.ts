import { checkpoint, type ReferenceScript, type Setting, type Settings } from "./setting.ts";

/**
 * What a launch script of the reference sets, what it leaves to a default filled in.
 *
 * Source: R1-SGG e4de64d, scripts/; defaults of open_r1/grpo.py, of its GRPOConfig and of
 * transformers' TrainingArguments
 */
export function scriptSettings(script: ReferenceScript): Settings {
  const { flags } = script;
  const gpus = script.training_gpus ?? (script.nodes ?? 1) * (script.gpus_per_node ?? 1);
  const perDevice = number(
    flags.custom_per_device_train_batch_size ?? flags.per_device_train_batch_size ?? 1,
  );
  const perStep = gpus * perDevice * number(flags.gradient_accumulation_steps ?? 1);
  const isArgument = flags.model_name_or_path === "the first argument";
  const shared = {
    model: isArgument ? checkpoint : (flags.model_name_or_path ?? null),
    data: flags.dataset_name ?? null,
    classes_in_prompt: flags.use_predefined_cats ?? false,
    gpus,
    time_limit: script.time ?? null,
    steps: flags.max_steps ?? null,
    epochs: number(flags.num_train_epochs ?? 3),
    per_device_batch_size: perDevice,
    learning_rate: flags.learning_rate ?? 1e-6,
    dtype: flags.bf16 ? "bfloat16" : "float32",
    tf32: flags.tf32 ?? false,
    save_steps: flags.save_steps ?? 500,
    save_only_model: flags.save_only_model ?? false,
    seed: flags.seed ?? 42,
  };
  return script.program === "sft"
    ? { ...shared, ...sftSettings(flags), batch_size: perStep }
    : { ...shared, ...grpoSettings(flags, script.env ?? {}, perStep) };
}

type Flags = Readonly<Record<string, Setting>>;

const sftSettings = (flags: Flags): Settings => ({
  max_grad_norm: flags.max_grad_norm ?? 1,
  warmup_ratio: flags.warmup_ratio ?? 0,
  attention: flags.attn_implementation ?? "sdpa",
  parallel: flags.fsdp === undefined ? "ddp" : "fsdp",
});

function grpoSettings(flags: Flags, env: Flags, perStep: number): Settings {
  const group = number(flags.num_generations ?? 8);
  return {
    prompts_per_step: perStep / group,
    num_generations: group,
    num_iterations: flags.num_iterations ?? 1,
    beta: flags.beta ?? 0.04,
    temperature: flags.temperature ?? 0.9,
    top_p: flags.top_p ?? 1,
    top_k: flags.top_k ?? 50,
    max_prompt_length: flags.max_prompt_length ?? 512,
    max_completion_length: flags.max_completion_length ?? 256,
    max_pixels: flags.max_pixels ?? null,
    parallel: String(flags.deepspeed ?? "fsdp")
      .replace(".json", "")
      .replace("_", "-"),
    gradient_checkpointing: flags.gradient_checkpointing ?? false,
    sampler: flags.use_local_vllm ? "colocate" : "server",
    max_model_len: flags.vllm_max_model_len ?? null,
    gpu_memory_utilization: flags.vllm_gpu_memory_utilization ?? null,
    quantization: flags.use_fp8 ? "fp8" : null,
    task: flags.task_type ?? "sgg",
    rewards: "format node_acc node_box edge",
    format_weight: env.FORMAT_REWARD_WEIGHT ?? 1,
    strict_format: env.STRICT_FORMAT ?? true,
  };
}

/** Errors: RangeError for a flag that should be a number and is none. */
function number(value: Setting): number {
  if (typeof value === "number") return value;
  throw new RangeError(`expected a number, got ${JSON.stringify(value)}`);
}
