import { z } from "zod";
import type { Profile } from "../../core/rewards/profiles.ts";
import { cutCompletion } from "../cut-completion.ts";
import { listOf, text } from "../fields.ts";
import { rewardColumns, totals } from "../scored.ts";
import { withoutSpecialTokens } from "../special-tokens.ts";
import { groundTruth, itemOf, rewardsQuery, unpackAt } from "./ground-truth.ts";
import { protocol } from "./protocol.ts";

const texts = listOf(text, "a list of texts");

const body = z
  .object(
    {
      query: texts,
      prompts: texts,
      labels: listOf(groundTruth, "a list of ground truths"),
    },
    { error: "an object with query, prompts and labels" },
  )
  .transform(({ query, prompts, labels }, context) => {
    const fail = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const [field, { length }] of Object.entries({ prompts, labels })) {
      if (length !== query.length) fail([field], `${query.length}, one for each query`);
    }
    return query.map((whole, i) => {
      const completion = cutCompletion(whole, prompts[i] ?? whole);
      if (completion === undefined) fail(["query", i], `a text that begins with prompts[${i}]`);
      return { completion: withoutSpecialTokens(completion ?? ""), truth: labels[i]! };
    });
  });

const numbers = z.array(z.number());

/**
 * OpenRLHF's `--reward.remote_url`: full texts with special tokens, total rewards back.
 *
 * Versions before 0.11 send empty lists to all servers but the first; they get empty lists back.
 *
 * Source: OpenRLHF 0.11.2 `openrlhf/utils/agent.py` (client), `openrlhf/cli/serve_rm.py` (answer)
 */
export const openRlhfProtocol = (profile: Profile) =>
  protocol({
    path: "/get_reward",
    title: "OpenRLHF: total rewards of prompts with their completions",
    query: z.strictObject({ rewards: rewardsQuery(profile) }),
    body,
    unpack: unpackAt("labels"),
    answer: z.object({
      rewards: numbers,
      scores: numbers,
      extra_logs: z.record(z.string(), numbers),
    }),
    toRequest: (pairs, { rewards = profile.defaults }) => ({
      items: pairs.map(({ completion, truth }) => itemOf(completion, truth)),
      rewards,
    }),
    toAnswer: (scored) => {
      const total = totals(scored);
      return { rewards: total, scores: total, extra_logs: rewardColumns(scored) };
    },
  });
