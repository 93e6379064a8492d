import { type Check, largest, median, rounded } from "./check.ts";
import type { RunEvidence } from "./evidence.ts";
import { numbersOf, stepsOf } from "./evidence.ts";
import { checkRun } from "./training-checks.ts";

/** Before every step all weights went to all servers, and each confirmed. */
export function checkTransfer(run: RunEvidence, steps: number, way: string): Check {
  const syncs = run.integrity?.syncs ?? [];
  const seconds = syncs.map((sync) => sync.seconds);
  const bytes = largest(syncs.map((sync) => sync.bytes));
  const usual = median(seconds);
  const partly = syncs.filter(({ samplers }) => samplers !== run.servers).length;
  return checkRun(`weights by ${way}`, run, {
    figures: {
      transfers: syncs.length,
      servers: run.servers,
      megabytes: rounded(bytes && bytes / 1e6),
      seconds: rounded(usual),
      seconds_at_most: rounded(largest(seconds)),
      megabytes_per_s: rounded(bytes && usual && bytes / 1e6 / usual),
    },
    faults: [
      syncs.length < steps && `${syncs.length} transfers in ${steps} steps`,
      partly > 0 &&
        `${partly} of ${syncs.length} transfers did not reach all ${run.servers} servers`,
      !bytes && "nothing was sent",
    ],
  });
}

/** Trainer and samplers give the same tokens the same log-probabilities, in every step. */
export function checkLogprobs(run: RunEvidence, steps: number, way: string): Check {
  const { integrity } = run;
  const lines = integrity?.steps ?? [];
  const worst = lines.map((line) => line.logprob_max_abs_diff ?? Number.POSITIVE_INFINITY);
  const most = largest(worst);
  const tolerance = integrity?.tolerance ?? 0;
  const probed = lines.filter((line) => line.probed !== undefined);
  const special = integrity?.special_tokens_sampled ?? 0;
  const missed = probed.filter(({ probed }) => Object.keys(probed ?? {}).length < run.servers);
  const written = stepsOf(run);
  return checkRun(`log-probabilities in ${run.dtype}, weights by ${way}`, run, {
    figures: {
      max_abs_diff: rounded(most),
      median_of_steps: rounded(median(worst)),
      mean_abs_diff: rounded(median(numbersOf(written, "sampling/sampling_logp_difference/mean"))),
      kl: rounded(median(numbersOf(written, "sampling/kl"))),
      tolerance,
      tokens: lines.reduce((sum, { tokens }) => sum + tokens, 0),
      steps: lines.length,
      probes_of_all_servers: probed.length,
    },
    faults: [
      !(most !== undefined && most <= tolerance) &&
        `they differ by ${most?.toPrecision(3) ?? "nobody knows what"}, expected at most ${tolerance}`,
      lines.length < steps && `compared in ${lines.length} of ${steps} steps`,
      probed.length === 0 && "no server was probed",
      missed.length > 0 && `${missed.length} of ${probed.length} probes did not reach all servers`,
      special > 0 && `${special} special tokens were sampled`,
    ],
  });
}
