import type { RecipeOf } from "../../recipe/recipe.ts";
import type { GrpoOptions, SftOptions } from "../../recipe/training.ts";
import { trainerCount } from "../place.ts";
import { at, type Context } from "./context.ts";

type Json = Readonly<Record<string, unknown>>;

/** Nats: what rounding alone may make of the difference of two log-probabilities; bfloat16 is a guess. */
const tolerances = { float32: 1e-4, bfloat16: 0.5 } as const;

const familyNames: Readonly<Record<string, string>> = {
  "qwen2-vl": "qwen2_vl",
  "qwen2.5-vl": "qwen2_5_vl",
};

/** The configuration that the worker reads, name by name; paths are relative to the run folder. */
export function trainerConfig(context: Context<RecipeOf<"sft"> | RecipeOf<"grpo">>): Json {
  const { recipe } = context;
  if (recipe.stage === "sft") {
    const { batch_size, per_device_batch_size, max_grad_norm, loss_on, max_length } = recipe.sft;
    const { train_sampling_strategy } = recipe.sft;
    return {
      ...shared(context, recipe.sft, "sft"),
      per_device_batch_size,
      global_batch_size: batch_size,
      work_dir: "train",
      ...{ max_grad_norm, loss_on, max_length, train_sampling_strategy },
    };
  }
  return { ...shared(context, recipe.grpo, "grpo"), ...grpo(context as Context<RecipeOf<"grpo">>) };
}

function shared(context: Context, options: SftOptions | GrpoOptions, rows: "sft" | "grpo"): Json {
  const { recipe, base, device, placement, batch, machine } = context;
  const { parallel, lora, attn_implementation, gradient_checkpointing, freeze_vision } = options;
  const [first] = placement.trainers;
  const processes = Math.max(1, first?.gpus.length ?? 0);
  return {
    model: at.model,
    family: base.family === null ? undefined : familyNames[base.family],
    dataset: `${at.train}/${rows}.jsonl`,
    output_dir: "checkpoints/final",
    progress: "progress/trainer.jsonl",
    device,
    dtype: device === "cpu" ? "float32" : options.dtype,
    tf32: device === "cuda" && options.tf32,
    attn_implementation: device === "cpu" ? "sdpa" : attn_implementation,
    seed: recipe.seed,
    ...(recipe.stage !== "eval" && recipe.image),
    steps: options.steps,
    epochs: options.epochs,
    gradient_accumulation_steps: batch.accumulation,
    world_size: trainerCount(placement),
    ...{ parallel, lora, gradient_checkpointing, freeze_vision },
    ddp_timeout_s: options.ddp_timeout_s,
    ...optimiser(options),
    ...checkpoints(options),
    report_to: {
      tensorboard: options.report_to.tensorboard ? "tensorboard" : undefined,
      wandb: options.report_to.wandb,
      wandb_project: options.report_to.wandb_project,
      run_name: recipe.name,
    },
    // All cores: what shares a CPU with a trainer waits while it trains, and it while they sample and score.
    ...(device === "cpu" && { threads: Math.max(1, Math.floor(machine.cpusPerNode / processes)) }),
  };
}

const optimiser = (options: SftOptions | GrpoOptions): Json => ({
  learning_rate: options.learning_rate,
  lr_scheduler: options.lr_scheduler,
  warmup_steps: options.warmup_steps,
  warmup_ratio: options.warmup_ratio,
  weight_decay: options.weight_decay,
  adam_beta1: options.adam_beta1,
  adam_beta2: options.adam_beta2,
  adam_epsilon: options.adam_epsilon,
});

/** A model alone is kept beside the states; where only models are wanted, in their place. */
function checkpoints({ checkpoints: asked }: SftOptions | GrpoOptions): Json {
  if (asked === undefined) return { checkpoints: { dir: "checkpoints" } };
  const { every_steps, keep, save_only_model, model_every_steps } = asked;
  return {
    checkpoints: save_only_model
      ? { dir: "checkpoints", model_every_steps: model_every_steps ?? every_steps }
      : { dir: "checkpoints", every_steps, keep, model_every_steps },
  };
}

function grpo({ recipe, device, batch }: Context<RecipeOf<"grpo">>): Json {
  const { rewards, sampler, grpo: options } = recipe;
  const dtype = device === "cpu" ? "float32" : options.dtype;
  return {
    endpoints: at.endpoints,
    work_dir: "train",
    sync_dir: "train/sync",
    integrity: "train/integrity.json",
    run: recipe.name,
    prompts_per_step: options.prompts_per_step,
    num_generations: options.num_generations,
    num_iterations: options.num_iterations,
    per_device_batch_size: batch.perDevice,
    max_prompt_length: options.max_prompt_length,
    max_completion_length: options.max_completion_length,
    max_grad_norm: options.max_grad_norm,
    beta: options.beta,
    epsilon: options.epsilon,
    epsilon_high: options.epsilon_high,
    loss_type: options.loss_type,
    scale_rewards: options.scale_rewards,
    temperature: options.temperature,
    top_p: options.top_p,
    top_k: options.top_k,
    min_p: options.min_p,
    rewards: rewards.names,
    reward_weights: rewards.weights,
    reward_warmup: rewards.warmup,
    reward_control: rewards.control,
    logprob_tolerance: options.logprob_tolerance ?? tolerances[dtype],
    integrity_every: options.integrity_every,
    on_sampler_loss: options.on_sampler_loss,
    sampler_timeout_s: options.sampler_timeout_s,
    push_timeout_s: options.push_timeout_s,
    alarms: options.alarms,
    completions_sample: { path: "train/completions-sample.jsonl", seed: recipe.seed },
    sampler_mode: sampler.mode,
    ...(sampler.mode === "server"
      ? { weight_transport: sampler.sync }
      : {
          colocate: {
            gpu_memory_utilization: sampler.gpu_memory_utilization,
            max_model_len: sampler.max_model_len,
            tensor_parallel: sampler.tensor_parallel,
          },
        }),
  };
}
