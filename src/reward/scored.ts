import { randomUUID } from "node:crypto";
import type { Score } from "../core/rewards/score.ts";
import type { RewardRequest } from "./request.ts";

/** All completions of a request, scored. */
export interface Scored {
  readonly profile: string;
  readonly names: readonly string[];
  readonly scores: readonly Score[];
  readonly requestId: string;
}

export const toScored = (
  profile: string,
  { rewards, requestId }: RewardRequest,
  scores: readonly Score[],
): Scored => ({ profile, names: rewards, scores, requestId: requestId ?? randomUUID() });

/** Rewards by name, each with one number a completion, in the order sent. */
export const rewardColumns = ({ names, scores }: Scored): Record<string, number[]> =>
  Object.fromEntries(names.map((name) => [name, scores.map(({ rewards }) => rewards[name]!)]));

/** For each completion the sum of the rewards asked for; their weights are in them. */
export const totals = ({ names, scores }: Scored): number[] =>
  scores.map(({ rewards }) => names.reduce((sum, name) => sum + rewards[name]!, 0));

/** The line of the request log, by which a run proves that its trainer got these rewards. */
export const logLine = (scored: Scored): string =>
  `${JSON.stringify({
    request_id: scored.requestId,
    rewards: rewardColumns(scored),
    outcomes: scored.scores.map(({ outcome }) => outcome),
  })}\n`;
