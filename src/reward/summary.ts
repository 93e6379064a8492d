import type { Outcome } from "../core/rewards/score.ts";
import { rewardColumns, type Scored } from "./scored.ts";

/** How a completion ended, for the metrics. */
export type OutcomeClass = "parsed" | "partly" | "unparsed" | "limit";

/**
 * Why a completion is not right, for the metrics: few labels, whatever completions hold.
 *
 * Each begins like the reason that the core gives.
 */
const failureClasses = [
  ["limit", /^limit\b/],
  ["not_json", /^the answer is not JSON\b/],
  ["not_an_object", /^the answer is\b/],
  ["objects", /^objects\b/],
  ["relationships", /^relationships\b/],
] as const;

/** A label of `format_failures_total`. */
export type FailureClass = (typeof failureClasses)[number][0] | "other";

/** What the metrics need to know of an answer; small, since it crosses threads. */
export interface Summary {
  readonly outcomes: Readonly<Partial<Record<OutcomeClass, number>>>;
  readonly failures: Readonly<Partial<Record<FailureClass, number>>>;
  readonly rewards: Readonly<Record<string, readonly number[]>>;
}

export function summarize(scored: Scored): Summary {
  const outcomes = scored.scores.map(({ outcome }) => outcome);
  return {
    outcomes: countBy(outcomes.map(outcomeClass)),
    failures: countBy(outcomes.flatMap(({ reason }) => (reason ? [failureClass(reason)] : []))),
    rewards: rewardColumns(scored),
  };
}

function outcomeClass({ parsed, reason }: Outcome): OutcomeClass {
  if (parsed) return reason === undefined ? "parsed" : "partly";
  return reason.startsWith("limit") ? "limit" : "unparsed";
}

const failureClass = (reason: string): FailureClass =>
  failureClasses.find(([, pattern]) => pattern.test(reason))?.[0] ?? "other";

function countBy<K extends string>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
