import { z } from "zod";
import type { Profile } from "../../core/rewards/profiles.ts";
import { documentedAs } from "../documented-as.ts";
import { text } from "../fields.ts";
import { withoutSpecialTokens } from "../special-tokens.ts";
import { type GroundTruth, groundTruth, itemOf, rewardsQuery, unpackAt } from "./ground-truth.ts";
import { protocol } from "./protocol.ts";
import { scoreObject, singleScore } from "./single-score.ts";

interface Pair {
  readonly completion: string;
  readonly truth: GroundTruth;
}

const verl = z
  .object(
    {
      data_source: z.unknown().optional(),
      solution_str: text,
      ground_truth: groundTruth,
      extra_info: z.unknown().optional(),
    },
    { error: "an object with solution_str and ground_truth, or with text and solution" },
  )
  .transform((sent): Pair => ({ completion: sent.solution_str, truth: sent.ground_truth }));

const swift = z
  .object({ text, solution: groundTruth })
  .transform((sent): Pair => ({ completion: sent.text, truth: sent.solution }));

/** The one of the two forms that is meant, so that faults are told in its fields. */
const body = documentedAs(
  z.unknown().transform((sent, context): Pair => {
    const isSwift = typeof sent === "object" && sent !== null && Object.hasOwn(sent, "text");
    const result = (isSwift ? swift : verl).safeParse(sent);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues) {
      context.addIssue({ code: "custom", path, message });
    }
    return z.NEVER;
  }),
  z.union([verl, swift]),
);

const unpackTruth = unpackAt("ground_truth");
const unpackSolution = unpackAt("solution");

/**
 * verl's custom reward function and ms-swift's `AsyncORM`: one completion, an object with `score`.
 *
 * What ms-swift's documentation posts, `{text}`, has no ground truth: it needs `solution` beside it.
 *
 * Source: verl 0.9.1 `verl/experimental/reward_loop/reward_manager/naive.py`; ms-swift 4.6.0
 *   `swift/rewards/orm.py`, the example at `AsyncORM`
 */
export const scoreProtocol = (profile: Profile) =>
  protocol({
    path: "/score",
    title: "verl and ms-swift: the rewards of one completion",
    query: z.strictObject({ rewards: rewardsQuery(profile) }),
    body,
    unpack: (sent) => unpackSolution(unpackTruth(sent)),
    answer: scoreObject,
    toRequest: ({ completion, truth }, { rewards = profile.defaults }) => ({
      items: [itemOf(withoutSpecialTokens(completion), truth)],
      rewards,
    }),
    toAnswer: singleScore,
  });
