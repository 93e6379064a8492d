import { type Check, largest, mean, median, rounded } from "./check.ts";
import { numbersOf, type ProgressLine, type RunEvidence, stepsOf } from "./evidence.ts";

type Finding = Pick<Check, "figures"> & { readonly faults: readonly (string | false)[] };

/** A check of a run: failed with the run, open until it has ended, then by what is wrong in what it left. */
export function checkRun(name: string, run: RunEvidence, { figures, faults }: Finding): Check {
  const [fault] = faults.filter((one) => one !== false);
  const ended = run.state === "done" ? null : (run.reason ?? `the run is ${run.state}`);
  if (run.state === "failed") return { name, verdict: "failed", why: ended, figures };
  if (run.state !== "done") return { name, verdict: "open", why: ended, figures };
  if (fault !== undefined) return { name, verdict: "failed", why: fault, figures };
  return { name, verdict: "passed", why: null, figures };
}

/** SFT has made all steps, and its loss has fallen. */
export function checkSft(run: RunEvidence, steps: number): Check {
  const losses = numbersOf(stepsOf(run), "loss");
  const [first, last] = [mean(losses.slice(0, 5)), mean(losses.slice(-5))];
  return checkRun(`SFT, ${steps} steps`, run, {
    figures: { loss_first_5: rounded(first), loss_last_5: rounded(last), ...paceOf(stepsOf(run)) },
    faults: [
      wrongSteps(run, steps),
      losses.length < steps && `${losses.length} of ${steps} losses are finite`,
      !((last ?? 0) < (first ?? 0)) && "the loss has not fallen",
    ],
  });
}

/** GRPO has made every step once, and its weights have moved: else no transfer of them proves anything. */
export const checkGrpo = (run: RunEvidence, steps: number, way: string): Check =>
  checkRun(`GRPO, ${steps} steps, weights by ${way}`, run, findingOfGrpo(run, steps));

/** Largest difference of log-probabilities to a vLLM in the trainer; in nats, as for servers in bfloat16. */
const tolerance = 0.5;

/** GRPO has made every step once with vLLM in the trainer, and both agree about what was sampled. */
export function checkColocated(run: RunEvidence, steps: number): Check {
  const { figures, faults } = findingOfGrpo(run, steps);
  const differences = numbersOf(stepsOf(run), "sampling/sampling_logp_difference/max");
  const most = largest(differences);
  return checkRun(`GRPO, ${steps} steps, vLLM in the trainer`, run, {
    figures: { ...figures, max_abs_diff: rounded(most), tolerance },
    faults: [
      ...faults,
      differences.length < steps &&
        `log-probabilities were compared in ${differences.length} of ${steps} steps`,
      (most ?? 0) > tolerance &&
        `log-probabilities differ by ${most?.toPrecision(3)}, expected at most ${tolerance}`,
    ],
  });
}

function findingOfGrpo(run: RunEvidence, steps: number): Finding {
  const lines = stepsOf(run);
  const rewards = numbersOf(lines, "reward");
  const moved = numbersOf(lines, "grad_norm").filter((norm) => norm > 0).length;
  const finite = numbersOf(lines, "loss").length;
  return {
    figures: {
      steps: lines.length,
      steps_with_gradient: moved,
      reward_first_5: rounded(mean(rewards.slice(0, 5))),
      reward_last_5: rounded(mean(rewards.slice(-5))),
      sampler_s: rounded(median(numbersOf(lines, "time/sampler_s"))),
      reward_s: rounded(median(numbersOf(lines, "time/reward_s"))),
      ...paceOf(lines),
    },
    faults: [
      wrongSteps(run, steps),
      finite < steps && `${finite} of ${steps} losses are finite`,
      moved === 0 && "no step had a gradient, so that no weight moved",
    ],
  };
}

const paceOf = (lines: readonly ProgressLine[]) => ({
  step_s: rounded(median(numbersOf(lines, "time/step_s"))),
  tokens_per_s: rounded(median(numbersOf(lines, "tokens_per_s"))),
  memory_gib: rounded(largest(numbersOf(lines, "memory_gib"))),
});

/** Steps that are not 1 to the last, each once. */
function wrongSteps(run: RunEvidence, wanted: number): string | false {
  const found = numbersOf(stepsOf(run), "step");
  const right = found.length === wanted && found.every((step, index) => step === index + 1);
  return !right && `its steps are ${found.join(" ") || "none"}, expected 1 to ${wanted}, each once`;
}

/** A complete checkpoint is there, of a step at which one was due. */
export function checkCheckpoint(run: RunEvidence, due: number): Check {
  const last = run.checkpoints.at(-1);
  const faults = [
    last === undefined && "none was left",
    last !== undefined && last.step % due > 0 && `the last is of step ${last.step}`,
  ];
  return checkRun("checkpoint", run, {
    figures: {
      steps: run.checkpoints.map(({ step }) => step).join(" "),
      files: last?.files ?? null,
      megabytes: rounded(last && last.bytes / 1e6),
    },
    faults,
  });
}

/** The run was interrupted, and went on from a checkpoint. */
export function checkResume(run: RunEvidence, due: number): Check {
  const phases = run.progress.flatMap(({ phase }) => (typeof phase === "string" ? phase : []));
  const resumed = phases.flatMap((phase) => /^resuming from step (\d+)$/.exec(phase)?.[1] ?? []);
  const from = resumed.map(Number).at(-1);
  return checkRun("resume", run, {
    figures: { resumed_from_step: from ?? null, last_step: stepsOf(run).at(-1)?.step as number },
    faults: [
      from === undefined && "it ended before it could be interrupted",
      from !== undefined && from < due && `it went on from step ${from}, expected ${due} or later`,
    ],
  });
}
