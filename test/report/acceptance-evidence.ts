import type { RunEvidence } from "../../src/report/acceptance/evidence.ts";

/** The evidence of a GRPO run in which all went well: 20 steps, two servers, cut at 10. */
export function goodRun(change: Partial<RunEvidence> = {}, steps = 20): RunEvidence {
  const numbers = Array.from({ length: steps }, (_, index) => index + 1);
  const lines = numbers.map((step) => ({
    ...{ step, of: steps, loss: 1 / step, reward: step / steps, grad_norm: step % 4 },
    ...{ "time/step_s": 2, "time/sampler_s": 1, "time/reward_s": 0.01, tokens_per_s: 1000 },
    ...{ memory_gib: 3, "sampling/sampling_logp_difference/mean": 1e-3, "sampling/kl": 1e-4 },
    "sampling/sampling_logp_difference/max": 0.02,
  }));
  return {
    ...{ id: "accept-disk-00000000", state: "done", reason: null, servers: 2, dtype: "bfloat16" },
    progress: [
      { phase: "training" },
      ...lines.slice(0, 10),
      { phase: "resuming from step 10" },
      ...lines.slice(10),
      { phase: "done" },
    ],
    integrity: {
      ...{ logprob_max_abs_diff: 0.02, tolerance: 0.5, special_tokens_sampled: 0, events: [] },
      steps: numbers.map((step) => ({
        ...{ step, logprob_max_abs_diff: step === 7 ? 0.02 : 0.01, tokens: 100 },
        ...(step % 10 === 1 && { probed: { "http://a": 0.01, "http://b": 0.01 } }),
      })),
      syncs: numbers.map((version) => ({ version, seconds: 0.5, bytes: 2e6, samplers: 2 })),
    },
    checkpoints: [
      { step: 10, files: 12, bytes: 5e6 },
      { step: 20, files: 12, bytes: 5e6 },
    ],
    ...change,
  };
}
