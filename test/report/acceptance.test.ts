import { describe, expect, it } from "vitest";
import { type Acceptance, acceptanceText } from "../../src/report/acceptance/acceptance.ts";
import { verdictOf } from "../../src/report/acceptance/check.ts";
import type { IntegrityEvidence, RunEvidence } from "../../src/report/acceptance/evidence.ts";
import { judge } from "../../src/report/acceptance/judge.ts";
import { goodRun } from "./acceptance-evidence.ts";

const steps = { start: 25, disk: 20, nccl: 6, colocated: 6 };
const start = goodRun({ integrity: null, checkpoints: [] }, 25);
const of = (
  disk: RunEvidence,
  nccl: RunEvidence | string = "no GPU",
  colocated: RunEvidence | string = "no GPU",
) => judge({ steps, cutAt: 10, start, disk, nccl, colocated });
const verdicts = (disk: RunEvidence, nccl?: RunEvidence | string) =>
  Object.fromEntries(of(disk, nccl).map(({ name, verdict }) => [name, verdict]));

const names = {
  sft: "SFT, 25 steps",
  grpo: "GRPO, 20 steps, weights by disk",
  weights: "weights by disk",
  logprobs: "log-probabilities in bfloat16, weights by disk",
  checkpoint: "checkpoint",
  resume: "resume",
};

describe("the checks of the acceptance kit", () => {
  it("pass where all went well, with NCCL where there are GPUs for it", () => {
    expect(verdictOf(of(goodRun()))).toBe("passed");
    expect(verdicts(goodRun())["weights by NCCL"]).toBe("not run");
    const all = of(goodRun(), goodRun({}, 6), goodRun({ integrity: null }, 6));
    expect(all.map(({ verdict }) => verdict)).toEqual(Array(10).fill("passed"));
    expect(all.at(-2)?.name).toBe("log-probabilities in bfloat16, weights by NCCL");
    expect(all.at(-1)).toMatchObject({
      name: "GRPO, 6 steps, vLLM in the trainer",
      figures: { max_abs_diff: 0.02, tolerance: 0.5 },
    });
  });

  it.each([
    [0.6, "log-probabilities differ by 0.600, expected at most 0.5"],
    [undefined, "log-probabilities were compared in 0 of 6 steps"],
  ])("fail for a vLLM in the trainer that differs by %s", (most, why) => {
    const name = "sampling/sampling_logp_difference/max";
    const progress = goodRun({}, 6).progress.map((line) => ({ ...line, [name]: most }));
    const checks = of(goodRun(), "no GPU", goodRun({ progress }, 6));
    expect(checks.at(-1)).toMatchObject({ verdict: "failed", why });
  });

  it("tell the figures that tolerances and limits are chosen by", () => {
    const figures = Object.fromEntries(of(goodRun()).map((one) => [one.name, one.figures]));
    expect(figures[names.weights]).toEqual({
      ...{ transfers: 20, servers: 2, megabytes: 2, seconds: 0.5, seconds_at_most: 0.5 },
      megabytes_per_s: 4,
    });
    expect(figures[names.logprobs]).toEqual({
      ...{ max_abs_diff: 0.02, median_of_steps: 0.01, mean_abs_diff: 0.001, kl: 0.0001 },
      ...{ tolerance: 0.5, tokens: 2000, steps: 20, probes_of_all_servers: 2 },
    });
    expect(figures[names.grpo]).toMatchObject({ steps: 20, steps_with_gradient: 15, step_s: 2 });
    expect(figures[names.resume]).toEqual({ resumed_from_step: 10, last_step: 20 });
  });

  const { integrity, progress } = goodRun();
  const changed = (change: Partial<IntegrityEvidence>) =>
    goodRun({ integrity: { ...integrity!, ...change } });
  const [first, ...others] = integrity!.steps;
  it.each<[string, string, RunEvidence, string]>([
    [
      "weights that one server did not confirm",
      names.weights,
      changed({ syncs: integrity!.syncs.map((one) => ({ ...one, samplers: one.version % 2 })) }),
      "20 of 20 transfers did not reach all 2 servers",
    ],
    [
      "a transfer that is missing",
      names.weights,
      changed({ syncs: integrity!.syncs.slice(1) }),
      "19 transfers in 20 steps",
    ],
    [
      "log-probabilities that differ",
      names.logprobs,
      changed({ steps: [{ ...first!, logprob_max_abs_diff: 0.6 }, ...others] }),
      "they differ by 0.600, expected at most 0.5",
    ],
    [
      "log-probabilities that are missing",
      names.logprobs,
      changed({ steps: [{ ...first!, logprob_max_abs_diff: null }, ...others] }),
      "they differ by Infinity, expected at most 0.5",
    ],
    [
      "a probe that did not reach a server",
      names.logprobs,
      changed({ steps: [{ ...first!, probed: { "http://a": 0 } }, ...others] }),
      "1 of 2 probes did not reach all servers",
    ],
    [
      "steps without gradient: no weight moved",
      names.grpo,
      goodRun({ progress: progress.map((line) => ({ ...line, grad_norm: 0 })) }),
      "no step had a gradient, so that no weight moved",
    ],
    [
      "a step done twice",
      names.grpo,
      goodRun({ progress: [...progress.slice(0, 3), ...progress.slice(2)] }),
      "its steps are 1 2 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20, expected 1 to 20, each once",
    ],
    ["no checkpoint", names.checkpoint, goodRun({ checkpoints: [] }), "none was left"],
    [
      "a run that was not interrupted",
      names.resume,
      goodRun({ progress: progress.filter((line) => !String(line.phase).startsWith("resuming")) }),
      "it ended before it could be interrupted",
    ],
    [
      "a run that began anew",
      names.resume,
      goodRun({
        progress: progress.map((line) =>
          line.phase === "resuming from step 10" ? { phase: "resuming from step 3" } : line,
        ),
      }),
      "it went on from step 3, expected 10 or later",
    ],
  ])("fail for %s", (_, name, run, why) => {
    const checks = of(run);
    expect(checks.find((check) => check.name === name)).toMatchObject({ verdict: "failed", why });
    expect(verdictOf(checks)).toBe("failed");
  });

  it("are open where the run was not begun or not ended, and fail with its words where it failed", () => {
    const cut = goodRun({ state: "interrupted", reason: "Run was interrupted by SIGINT" });
    expect(verdicts(cut)[names.resume]).toBe("open");
    expect(verdictOf(of(cut))).toBe("open");
    const nothing = { progress: [], integrity: null, checkpoints: [] };
    expect(verdictOf(of(goodRun({ ...nothing, state: "missing" })))).toBe("open");
    const failed = goodRun({ ...nothing, state: "failed", reason: "Cannot trust step 2" });
    expect(of(failed).find(({ name }) => name === names.logprobs)).toMatchObject({
      ...{ verdict: "failed", why: "Cannot trust step 2" },
    });
  });
});

it("is a table with its verdict, and says of a rehearsal what it is", () => {
  const checks = of(goodRun());
  const acceptance = {
    checks,
    verdict: "passed",
    note: "CPU rehearsal: proves nothing about GPUs",
  };
  const lines = acceptanceText(acceptance as unknown as Acceptance)
    .trim()
    .split("\n");
  expect(lines[0]).toMatch(/^check +verdict +found$/);
  expect(lines).toHaveLength(1 + checks.length + 2);
  expect(lines.find((line) => line.startsWith("weights by NCCL"))).toMatch(/not run +no GPU$/);
  expect(lines.find((line) => line.startsWith("resume "))).toContain("resumed from step 10");
  expect(lines.at(-1)).toBe("verdict: passed (CPU rehearsal: proves nothing about GPUs)");
});
