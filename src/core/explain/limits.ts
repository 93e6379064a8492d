import { readAnswer } from "../graph/read-answer.ts";
import { type Limits, OverLimit } from "../limits.ts";
import type { LimitExplanation } from "./explanation.ts";

/**
 * What is bounded of a completion, and how much of it was found.
 *
 * Lists are counted only in an answer that may be read at all.
 *
 * Errors: none
 */
export function explainLimits(completion: string, limits: Limits): readonly LimitExplanation[] {
  const { length } = completion;
  const answer = length > limits.characters ? undefined : readAnswer(completion);
  const countOf = (list: "objects" | "relationships"): number => {
    const items = answer?.ok ? answer.value[list] : undefined;
    return Array.isArray(items) ? items.length : 0;
  };
  return [
    { of: "characters", found: length, most: limits.characters },
    { of: "objects", found: countOf("objects"), most: limits.objects },
    { of: "relationships", found: countOf("relationships"), most: limits.relationships },
  ];
}

/** A value, or the limit that stands against it. */
export type Within<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** What a function gives unless it meets a limit. Errors: those of the function but OverLimit */
export function within<T>(find: () => T): Within<T> {
  try {
    return { ok: true, value: find() };
  } catch (error) {
    if (error instanceof OverLimit) return { ok: false, reason: `limit: ${error.message}` };
    throw error;
  }
}
