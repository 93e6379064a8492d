import type { ExplainedAnswer, ExplainedTruth, Explanation } from "../core/metrics/explain.ts";
import { cutoffs } from "../core/metrics/recall.ts";

/** An explanation for a terminal: each true relation, then each relation of the answer. */
export function explainText(explanation: Explanation): string {
  const { image_id, compat, failure, recall, truth, answer } = explanation;
  const found = truth.filter(({ rank }) => rank !== null).length;
  const figures = recall
    ? cutoffs.map((at) => `R@${at} ${recall[at].toFixed(2)}`).join(", ")
    : "no relation to be found";
  return [
    `${image_id} (${compat}): ${found} of ${truth.length} relations found; ${figures}`,
    ...(failure === null ? [] : [`no graph: ${failure}`]),
    "",
    "Truth",
    ...truth.map((one, i) => `  ${i + 1}. ${relationText(one)}\n     ${outcomeText(one)}`),
    ...(answer.length > 0 ? ["", "Answer"] : []),
    ...answer.map((one, i) => `  ${i + 1}. ${relationText(one)}\n     ${usageText(one)}`),
    "",
  ].join("\n");
}

/** A relation as it is read aloud. */
export const relationText = (
  one: Pick<ExplainedTruth, "subject" | "predicate" | "object">,
): string => `${one.subject} ${one.predicate} ${one.object}`;

/** What became of a true relation, in one line. */
export function outcomeText({ rank, counts_at, found_by, miss }: ExplainedTruth): string {
  if (rank === null) return `missed (${miss?.reason}): ${miss?.detail}`;
  const beyond = cutoffs.filter((at) => !counts_at.includes(at));
  const where = beyond.length > 0 ? `, beyond K = ${beyond.join(" and ")}` : "";
  return `found at place ${rank} by relation ${found_by! + 1} of the answer${where}`;
}

/** What a relation of the answer was good for, in one line. */
export function usageText({ rank, left_out, hits }: ExplainedAnswer): string {
  if (rank === null) return `does not count: ${left_out}`;
  if (hits.length === 0) return `place ${rank}: finds nothing`;
  return `place ${rank}: finds ${hits.map((hit) => hit + 1).join(" and ")} of the truth`;
}
