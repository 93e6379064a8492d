import { z } from "zod";
import type { Profile } from "../../core/rewards/profiles.ts";
import { text } from "../fields.ts";
import { withoutSpecialTokens } from "../special-tokens.ts";
import { groundTruth, itemOf, rewardsQuery, unpackAt } from "./ground-truth.ts";
import { protocol } from "./protocol.ts";
import { scoreObject, singleScore } from "./single-score.ts";

/**
 * slime's `--rm-type remote_rm --rm-url`: one completion, its total reward back as a bare number.
 *
 * With `?as=object` the answer is an object, for `--reward-key score`.
 *
 * Source: slime 0b420f1 `slime/rollout/rm_hub/__init__.py` `remote_rm`
 */
export const slimeProtocol = (profile: Profile) =>
  protocol({
    path: "/rm",
    title: "slime: the total reward of one completion",
    query: z.strictObject({
      rewards: rewardsQuery(profile),
      as: z.enum(["number", "object"], { error: "number or object" }).optional(),
    }),
    body: z.object(
      { prompt: z.unknown().optional(), response: text, label: groundTruth },
      { error: "an object with prompt, response and label" },
    ),
    unpack: unpackAt("label"),
    answer: z.union([z.number(), scoreObject]),
    toRequest: ({ response, label }, { rewards = profile.defaults }) => ({
      items: [itemOf(withoutSpecialTokens(response), label)],
      rewards,
    }),
    toAnswer: (scored, { as }) =>
      as === "object" ? singleScore(scored) : singleScore(scored).score,
  });
