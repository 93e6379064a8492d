import { answerText, hasThinkAndAnswer, isThinkAndAnswer } from "../graph/answer-text.ts";
import { listItems } from "../graph/read-answer.ts";
import { isJsonObject } from "../json/json-value.ts";
import { hashed, idsOf } from "./format.ts";
import type { Reward } from "./reward.ts";

/**
 * The format reward of paper v1's code: relations must name ids that are there, and no more.
 *
 * The tags are looked for in the text as it is, so that one blank before or behind costs half.
 *
 * Range:  0, weight / 2 or weight; 0 for the tasks `det` and `cls`, which it does not have
 * Errors: none
 * Source: R1-SGG 49355c7 (branch arxiv-0417) `format_reward`
 */
export const v1FormatReward =
  ({ weight }: { readonly weight: number }): Reward =>
  ({ completion, answer, task }) => {
    if (task !== "sgg" || !answer.ok) return 0;
    const ids = idsOf(answer.value.objects, ({ id }) => id !== undefined);
    const relations = listItems(answer.value.relationships);
    const isSound = relations?.every(
      (item) =>
        isJsonObject(item) &&
        ids?.has(hashed(item.subject ?? null)) &&
        ids.has(hashed(item.object ?? null)) &&
        item.subject !== undefined &&
        item.object !== undefined,
    );
    if (ids === undefined || !isSound) return 0;
    return isThinkAndAnswer(completion) ? weight : weight / 2;
  };

/**
 * The format reward of the paper's text: tags around the words "object" and "relationships" give
 * `weight`, any JSON object half of it.
 *
 * Range:  0, weight / 2 or weight, for every task
 * Errors: none
 * Source: paper v1, section on the format reward
 */
export const paperFormatReward =
  ({ weight }: { readonly weight: number }): Reward =>
  ({ completion, answer }) => {
    const text = answerText(completion);
    const isTold = text.includes("object") && text.includes("relationships");
    if (isTold && hasThinkAndAnswer(completion)) return weight;
    return answer.ok ? weight / 2 : 0;
  };
