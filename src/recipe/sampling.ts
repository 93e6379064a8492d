import { z } from "zod";
import { type ProfileName, profiles } from "../core/rewards/profiles.ts";
import { settings } from "../core/vqa/setting.ts";
import { count, natural, section, share, text } from "./section.ts";

/** The rewards of GRPO. `weights` are the trainer's, beside those inside the profile. */
export const rewardOptions = section({
  names: z.array(text).min(1),
  weights: z.array(z.number()).optional(),
  warmup: z.array(natural).optional(),
  profile: z.enum(Object.keys(profiles) as ProfileName[]).default("release"),
  similarity: text.default("native"),
  format_weight: z.number().nonnegative().default(1),
  node_weight: z.number().nonnegative().default(2),
  edge_weight: z.number().nonnegative().default(5),
  strict_format: z.boolean().default(true),
  /** Every completion gets the rewards of another one of its batch. */
  control: z.enum(["shuffled"]).optional(),
})
  .refine(({ names }) => new Set(names).size === names.length, {
    path: ["names"],
    error: "expected each reward once",
  })
  .superRefine(({ names, profile }, context) => {
    const known = Object.keys(profiles[profile].rewards);
    for (const [index, input] of names.entries())
      if (!known.includes(input))
        context.addIssue({ code: "invalid_value", values: known, input, path: ["names", index] });
  })
  .refine(({ names, weights }) => weights === undefined || weights.length === names.length, {
    path: ["weights"],
    error: "expected as many as there are names",
  })
  .refine(({ names, warmup }) => warmup === undefined || warmup.length === names.length, {
    path: ["warmup"],
    error: "expected as many as there are names",
  });

/** What a recipe says of its rewards. */
export type RewardOptions = z.infer<typeof rewardOptions>;

/**
 * Who samples: vLLM servers on GPUs of their own, or vLLM inside every trainer.
 *
 * `gpus` is the number of GPUs of all servers together, `tensor_parallel` those of one: their
 * quotient is the number of servers. In inference the servers have all GPUs. `sync` is how new
 * weights reach a server.
 */
export const samplerOptions = section({
  mode: z.enum(["server", "colocate"]).default("server"),
  gpus: count.optional(),
  tensor_parallel: count.default(1),
  max_model_len: count.default(4096),
  max_num_seqs: count.default(64),
  gpu_memory_utilization: share.default(0.85),
  enforce_eager: z.boolean().default(false),
  sync: z.enum(["nccl", "disk"]).default("disk"),
});

/** What a recipe says of its sampler. */
export type SamplerOptions = z.infer<typeof samplerOptions>;

/** How answers are drawn for evaluation. Source: the defaults are the paper's, greedy in all but name. */
export const inferOptions = section({
  temperature: z.number().nonnegative().default(0.01),
  top_k: natural.default(1),
  top_p: share.default(0.001),
  max_tokens: count.default(2048),
  /** Requests under way, for each server. */
  concurrency: count.default(16),
});

/** What a recipe says of inference. */
export type InferOptions = z.infer<typeof inferOptions>;

/** How predictions are judged: the options of `r1sgg eval`. */
export const evalOptions = section({
  compat: z
    .array(z.enum(["strict", "release"]))
    .min(1)
    .default(["release", "strict"]),
  match_names: z.enum(["exact", "similarity"]).default("exact"),
  threshold: z.number().min(0).max(1).default(0.7),
  bootstrap: natural.default(1000),
});

/** What a recipe says of evaluation. */
export type EvalOptions = z.infer<typeof evalOptions>;

/** The paper's four-way questions: `r1sgg vqa`. Its settings by name, all nine by default. */
export const vqaOptions = section({
  settings: z
    .array(z.enum(settings.map(({ name }) => name)))
    .min(1)
    .default(settings.map(({ name }) => name)),
  /** Ask about the first images only. */
  limit: count.optional(),
});

/** What a recipe says of multiple-choice questions. */
export type VqaOptions = z.infer<typeof vqaOptions>;
