import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Profile } from "../core/rewards/profiles.ts";
import { scoreCompletion } from "../core/rewards/score.ts";
import type { RewardRequest } from "./request.ts";

const outcome = z.union([
  z.object({ parsed: z.literal(true), reason: z.string().optional() }),
  z.object({ parsed: z.literal(false), reason: z.string() }),
]);

/** What `POST /v1/rewards` answers: a number for every completion and reward, in the order sent. */
export const rewardAnswer = z.object({
  profile: z.string(),
  rewards: z.record(z.string(), z.array(z.number())),
  total: z.array(z.number()),
  outcomes: z.array(outcome),
  request_id: z.string(),
});

/** An answer, checked. */
export type RewardAnswer = z.infer<typeof rewardAnswer>;

/**
 * Scores all completions of a request, or throws: nothing is half-scored.
 *
 * `total` is the sum of the rewards that are returned; their weights are in them.
 */
export function answerRequest(profile: Profile, request: RewardRequest): RewardAnswer {
  const { items, rewards: names, requestId } = request;
  const scores = items.map(({ completion, target, boxScale, task }) =>
    scoreCompletion(completion, target, { boxScale, task, profile, rewards: names }),
  );
  return {
    profile: profile.name,
    rewards: Object.fromEntries(
      names.map((name) => [name, scores.map(({ rewards }) => rewards[name]!)]),
    ),
    total: scores.map(({ rewards }) => Object.values(rewards).reduce((sum, one) => sum + one, 0)),
    outcomes: scores.map((score) => score.outcome),
    request_id: requestId ?? randomUUID(),
  };
}
