import { iou } from "../geometry/iou.ts";
import { l1 } from "../geometry/l1.ts";
import type { SceneObject } from "../graph/scene-graph.ts";
import { matchCost } from "../matching/match-objects.ts";
import type { Pair } from "../matching/pairs.ts";
import type { Solver } from "../matching/solver.ts";
import type { Profile } from "../rewards/profiles.ts";
import type { Candidate } from "../rewards/reward.ts";
import { term } from "../similarity/similarity.ts";
import type { MatchingExplanation, Named, PairExplanation } from "./explanation.ts";

/**
 * Which predicted object stands for which target, what that costs, and who is left over.
 *
 * Errors: OverLimit when the solver does not take so many
 */
export function explainMatching(candidate: Candidate, profile: Profile): MatchingExplanation {
  const { objects, target, task, tools } = candidate;
  const found = objects.ok ? objects.value : [];
  const pairs = candidate.match();
  const because = whyNone(candidate, profile);
  const left = (all: readonly SceneObject[], side: keyof Pair): readonly Named[] => {
    const taken = new Set(pairs?.map((pair) => pair[side]));
    return all.flatMap(({ id }, place) => (taken.has(place) ? [] : [{ place, id }]));
  };
  return {
    ...unmatched(profile, tools.solver, because),
    pairs: (pairs ?? [])
      .map((pair) => explainPair(candidate, profile, pair))
      .sort((a, b) => a.target.place - b.target.place),
    unmatched_targets: left(target.objects, "target"),
    unmatched_predictions: task === "cls" ? [] : left(found, "predicted"),
  };
}

/** A matching without pairs, and why. */
export const unmatched = (
  { overlap }: Profile,
  solver: Solver,
  because: string | undefined,
): MatchingExplanation => ({
  solver: solver.name,
  overlap: overlap === iou ? "IoU" : "GIoU",
  ...{ pairs: [], unmatched_targets: [], unmatched_predictions: [] },
  ...(because !== undefined && { because }),
});

function explainPair({ objects, target, tools }: Candidate, profile: Profile, pair: Pair) {
  const wanted = target.objects[pair.target]!;
  const found = objects.ok ? objects.value[pair.predicted]! : wanted;
  const { total, ...parts } = costOf(wanted, found, tools, profile);
  return {
    target: { place: pair.target, id: wanted.id },
    predicted: { place: pair.predicted, id: found.id },
    ...parts,
    cost: total,
  } satisfies PairExplanation;
}

const costOf = (
  wanted: SceneObject,
  found: SceneObject,
  { similarity }: Candidate["tools"],
  { overlap }: Profile,
) =>
  matchCost(
    similarity(term(wanted.id), term(found.id)),
    overlap(wanted.bbox, found.bbox),
    l1(wanted.bbox, found.bbox),
  );

/** Why nothing is matched, where the solver finds no assignment or has nothing to assign. */
function whyNone({ objects, target, task, tools, match }: Candidate, profile: Profile) {
  if (task === "cls") return "the task cls has no objects to match";
  if (!objects.ok) return objects.reason;
  if (match() !== undefined) return undefined;
  for (const found of objects.value) {
    for (const wanted of target.objects) {
      const { total, similarity } = costOf(wanted, found, tools, profile);
      if (Number.isFinite(total)) continue;
      const what = Number.isNaN(similarity) ? "its name is no Unicode" : "of its box";
      return `taking ${JSON.stringify(found.id)} for ${JSON.stringify(wanted.id)} has no finite cost, ${what}: nothing is matched`;
    }
  }
  return "the costs have no finite sum: nothing is matched";
}
