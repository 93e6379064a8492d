import { z } from "zod";
import { count, natural, positive, section, share, text } from "./section.ts";

const zeroToOne = z.number().min(0).max(1).optional();

/** How a model lies on several processes; the worker's `Parallel`. */
export const parallels = ["none", "ddp", "fsdp", "zero2", "zero2-offload", "zero3"] as const;

/** One of them. */
export type Parallel = (typeof parallels)[number];

/**
 * What SFT and GRPO share, by the names of the worker's configuration.
 *
 * Unit: `learning_rate` as AdamW takes it; `warmup_ratio` a share of all steps.
 */
const training = {
  steps: count.optional(),
  epochs: positive.optional(),
  /** Rows or completions of one process in one pass; the planner derives the accumulation. */
  per_device_batch_size: count,
  learning_rate: positive,
  lr_scheduler: z.enum(["linear", "cosine", "constant"]).default("linear"),
  warmup_steps: natural.default(0),
  warmup_ratio: z.number().nonnegative().lt(1).default(0),
  weight_decay: z.number().nonnegative().default(0),
  adam_beta1: z.number().gt(0).lt(1).default(0.9),
  adam_beta2: z.number().gt(0).lt(1).default(0.999),
  adam_epsilon: positive.default(1e-8),
  dtype: z.enum(["bfloat16", "float32"]).default("bfloat16"),
  tf32: z.boolean().default(false),
  attn_implementation: z.enum(["eager", "sdpa", "flash_attention_2"]).default("sdpa"),
  parallel: z.enum(parallels).default("ddp"),
  ddp_timeout_s: count.default(1800),
  gradient_checkpointing: z.boolean().default(false),
  freeze_vision: z.boolean().default(false),
  lora: section({
    rank: count.default(16),
    alpha: count.default(32),
    dropout: z.number().nonnegative().lt(1).default(0.05),
    targets: z.array(text).min(1).optional(),
  }).optional(),
  /** States to resume from every so many steps; `save_only_model` leaves none, only the model. */
  checkpoints: section({
    every_steps: count,
    keep: count.default(2),
    save_only_model: z.boolean().default(false),
    model_every_steps: count.optional(),
  }).optional(),
  report_to: section({
    tensorboard: z.boolean().default(true),
    wandb: z.enum(["off", "offline", "online"]).default("off"),
    wandb_project: text.default("r1sgg"),
  }).prefault({}),
};

const oneLength = { error: "expected one of steps and epochs" };
const hasOneLength = (value: { steps?: number | undefined; epochs?: number | undefined }) =>
  (value.steps === undefined) !== (value.epochs === undefined);

/** Supervised fine-tuning. `batch_size` is that of a step, over all processes. */
export const sftOptions = section({
  ...training,
  batch_size: count,
  max_grad_norm: positive.default(0.3),
  loss_on: z.enum(["answer", "all"]).default("answer"),
  max_length: count.optional(),
  /** `batch_rebalance` deals the random rows of a step to its parts by length; the worker's default is random. */
  train_sampling_strategy: z.enum(["random", "batch_rebalance"]).optional(),
}).refine(hasOneLength, oneLength);

/** What a recipe says of SFT. */
export type SftOptions = z.infer<typeof sftOptions>;

/** GRPO. A step samples `prompts_per_step` × `num_generations` completions. */
export const grpoOptions = section({
  ...training,
  prompts_per_step: count,
  num_generations: z.int().min(2).default(8),
  num_iterations: count.default(1),
  max_prompt_length: count.default(2048),
  max_completion_length: count.default(1024),
  max_grad_norm: positive.default(1),
  beta: z.number().nonnegative().default(0),
  epsilon: positive.default(0.2),
  epsilon_high: positive.optional(),
  loss_type: z.enum(["bnpo", "grpo", "dr_grpo", "dapo"]).default("bnpo"),
  scale_rewards: z.enum(["group", "batch", "none"]).default("group"),
  temperature: positive.default(1),
  top_p: share.default(1),
  top_k: natural.default(0),
  min_p: z.number().min(0).max(1).optional(),
  /** Nats: a larger difference of trainer's and sampler's log-probabilities ends the run. */
  logprob_tolerance: positive.optional(),
  // What is not stated here and below is the worker's default, and no part of the recipe's hash.
  integrity_every: count.optional(),
  on_sampler_loss: z.enum(["continue", "end"]).optional(),
  /** Seconds for one request to a server, and for all weights to reach all servers. */
  sampler_timeout_s: positive.optional(),
  push_timeout_s: positive.optional(),
  /** Shares of a step's completions above which the run warns. */
  alarms: section({
    unparsed: zeroToOne,
    empty_graph: zeroToOne,
    non_finite_box: zeroToOne,
    repeated_object: zeroToOne,
    at_limit: zeroToOne,
    flat_groups: zeroToOne,
  }).optional(),
}).refine(hasOneLength, oneLength);

/** What a recipe says of GRPO. */
export type GrpoOptions = z.infer<typeof grpoOptions>;
