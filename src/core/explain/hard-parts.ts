import type { LooseRelationship } from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import { kindOf } from "../json/json-value.ts";
import { boxesById } from "../rewards/ends.ts";
import type { Candidate } from "../rewards/reward.ts";
import { type Attempt, attemptsAt, faultOf } from "./attempts.ts";
import type { Compared, RelationPart } from "./explanation.ts";

/** What a hard reward finds for a target relation: a hit, or by which way it misses. */
export interface Finding {
  readonly hit: boolean;
  /** Of the sum, before weight and division. */
  readonly value: number;
  readonly because: string;
  readonly by?: Compared;
  readonly nearest?: Compared;
}

/** How a hard reward searches; `undefined` where a fault ends it. */
export interface Search {
  readonly relations: readonly LooseRelationship[];
  readonly find: (
    wanted: Relationship,
    attempts: readonly Attempt[],
    boxes: ReturnType<typeof boxesOf>,
  ) => Finding | undefined;
  /** Whether the search gets as far as what is wrong with such a prediction. */
  readonly looksAt: (attempt: Attempt, wanted: Relationship) => boolean;
}

/** The relations that a hard reward searches, or why there is nothing to search. Errors: none */
export function searched({
  answer,
  objects,
  looseRelations,
}: Candidate): Pick<Search, "relations"> | { readonly because: string } {
  if (!answer.ok) return { because: answer.reason };
  if (!objects.ok) return { because: objects.reason };
  const relations = looseRelations();
  if (relations) return { relations };
  return { because: `relationships: ${kindOf(answer.value.relationships)}, expected a list` };
}

/**
 * The parts of a hard reward, target relation by target relation, each worth `share` of its value.
 *
 * Range: all values are 0 when a fault ends the reward
 */
export function hardParts(
  candidate: Candidate,
  share: number,
  { relations, find, looksAt }: Search,
): { readonly parts: readonly RelationPart[]; readonly ended: string | undefined } {
  const boxes = boxesOf(candidate);
  let ended: string | undefined;
  const parts = candidate.target.relationships.map((wanted, place): RelationPart => {
    const nothing = { ...wanted, place, value: 0, by: [] };
    if (ended) return { ...nothing, verdict: "not reached", because: "a fault ended the reward" };
    const attempts = attemptsAt(wanted, relations, boxes);
    const finding = find(wanted, attempts, boxes);
    if (finding === undefined) {
      const fault = attempts
        .filter((attempt) => looksAt(attempt, wanted))
        .map((attempt) => faultOf(attempt, wanted, boxes))
        .find((one) => one !== undefined);
      ended = `${fault}, which ends the whole reward`;
      return { ...nothing, verdict: "ended", because: ended };
    }
    const { hit, value, because, by, nearest } = finding;
    return {
      ...nothing,
      verdict: hit ? "hit" : "miss",
      value: share * value,
      because,
      by: by ? [by] : [],
      ...(nearest && { nearest }),
    };
  });
  return { parts: ended ? parts.map((part) => ({ ...part, value: 0 })) : parts, ended };
}

const boxesOf = ({ objects, target }: Candidate) => ({
  target: boxesById(target.objects),
  predicted: boxesById(objects.ok ? objects.value : []),
});
