import { z } from "zod";

const count = z.int().positive();
const rate = z.number().positive();
const share = z.number().gt(0).lte(1);

/**
 * What a smoke run does: every value that `r1sgg smoke` reads.
 *
 * Unit: `image.*` in pixels; `learning_rate` as the optimiser takes it; `gpu_memory_utilization` a
 * share of the device; `logprob_tolerance` in nats, by the dtype of the weights.
 * Errors: an unknown key is a fault, so that a misspelt one is not passed over.
 */
export const smokeRecipe = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and dashes"),
  seed: z.int().nonnegative(),
  data: z.strictObject({ train: count, validation: count }),
  model: z.strictObject({
    layers: count,
    hidden_size: count,
    intermediate_size: count,
    heads: count,
    key_value_heads: count,
  }),
  prompt: z.strictObject({
    user: z.string(),
    system: z.string(),
    think: z.enum(["none", "objects", "column"]),
  }),
  image: z.strictObject({ min_pixels: count, max_pixels: count }),
  sft: z.strictObject({
    steps: count,
    batch_size: count,
    learning_rate: rate,
    warmup_steps: z.int().nonnegative(),
    max_grad_norm: rate,
    adam_beta2: z.number().gt(0).lt(1),
  }),
  grpo: z.strictObject({
    steps: count,
    prompts_per_step: count,
    num_generations: z.int().min(2),
    max_completion_length: count,
    learning_rate: rate,
    temperature: rate,
    top_p: share,
    top_k: z.int().nonnegative(),
    rewards: z.array(z.string()).min(1),
    reward_weights: z.array(z.number()).min(1),
    logprob_tolerance: z.strictObject({ float32: rate, bfloat16: rate }),
  }),
  sampler: z.strictObject({
    max_model_len: count,
    max_num_seqs: count,
    gpu_memory_utilization: share,
  }),
  infer: z.strictObject({
    temperature: z.number().nonnegative(),
    top_k: z.int().nonnegative(),
    top_p: share,
    max_tokens: count,
    concurrency: count,
  }),
});

/** A checked smoke recipe. */
export type SmokeRecipe = z.infer<typeof smokeRecipe>;
