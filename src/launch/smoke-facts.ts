import type { SmokePlan } from "../plan/smoke-plan.ts";
import type { Report } from "../report/html.ts";
import type { Proofs } from "./smoke-grpo.ts";
import type { SmokeMetrics } from "./smoke-metrics.ts";

/** What was run, for the head of the report. */
export function smokeFacts(plan: SmokePlan, { stack, data }: SmokeMetrics): Report["facts"] {
  const { recipe } = plan;
  const { sft, grpo } = recipe;
  return [
    { name: "Model", value: plan.model ?? "tiny Qwen2-VL, random weights" },
    { name: "Data", value: plan.data?.path ?? "drawn scenes" },
    {
      name: "Images",
      value: `${data.train} to train on, ${data.validation} to evaluate on${data.held_out ? "" : ", the same ones"}`,
    },
    { name: "SFT", value: `${sft.steps} steps of ${sft.batch_size} rows` },
    {
      name: "GRPO",
      value: `${grpo.steps} steps of ${grpo.prompts_per_step} prompts × ${grpo.num_generations} completions`,
    },
    { name: "Rewards", value: `${grpo.rewards.join(", ")} (profile release)` },
    { name: "Device", value: `${plan.device}, ${plan.dtype}` },
    { name: "Seed", value: String(recipe.seed) },
    {
      name: "Software",
      value: Object.entries(stack)
        .map((pair) => pair.join(" "))
        .join(", "),
    },
  ];
}

/** What the run proved about itself. */
export function smokeChecks(plan: SmokePlan, { integrity, rewards }: Proofs): Report["checks"] {
  const { logprob_max_abs_diff: diff, tolerance, syncs, special_tokens_sampled } = integrity;
  return [
    {
      name: "Weights in step",
      passed: diff <= tolerance,
      detail: `trainer and vLLM differ by at most ${diff.toExponential(1)} nats a token after ${syncs.length} syncs (allowed ${tolerance.toExponential(0)})`,
    },
    {
      name: "Rewards as answered",
      passed: rewards.completions > 0,
      detail: `${rewards.completions} completions of ${rewards.requests} requests: TRL's log equals the endpoint's answers${rewards.unscored > 0 ? `; ${rewards.unscored} more went unscored` : ""}`,
    },
    {
      name: "Rewards vary",
      passed: rewards.steps_with_variance > 0,
      detail: `in ${rewards.steps_with_variance} of ${rewards.steps} steps; without variance GRPO learns nothing`,
    },
    {
      name: "No vision tokens sampled",
      passed: special_tokens_sampled === 0,
      detail: `${special_tokens_sampled} in ${plan.recipe.grpo.steps} steps`,
    },
  ];
}
