import { readObjects } from "../graph/read-answer.ts";
import type { SceneObject, Target } from "../graph/scene-graph.ts";
import type { Solver } from "../matching/solver.ts";
import type { Profile } from "../rewards/profiles.ts";
import type { Candidate } from "../rewards/reward.ts";
import type { ExplainedObject, Explanation } from "./explanation.ts";
import { figures } from "./figure.ts";
import { within } from "./limits.ts";
import { explainMatching, unmatched } from "./matching.ts";
import { predictedRelations } from "./relations.ts";

type Graph = Pick<Explanation, "predictions" | "left_out" | "predicted_relations" | "matching">;

/** What was read of an answer, and whom it was matched with. Errors: none */
export function explainGraph(
  candidate: Candidate,
  profile: Profile,
  size: Pick<Target, "width" | "height">,
  [w, h]: readonly [number, number],
): Graph {
  const { answer, objects, tools } = candidate;
  const everything = answer.ok
    ? readObjects(answer.value.objects, [1 / w, 1 / h], profile.rename)
    : answer;
  const left = everything.ok ? everything.value.filter((one) => !profile.counts(one)) : [];
  const matching = within(() => explainMatching(candidate, profile));
  return {
    predictions: told(objects.ok ? objects.value : [], size),
    left_out: told(left, size),
    predicted_relations: predictedRelations(candidate, profile.rename),
    matching: matching.ok ? matching.value : unmatched(profile, tools.solver, matching.reason),
  };
}

/** The graph of a completion that was not read. */
export const nothingRead = (profile: Profile, solver: Solver, because: string): Graph => ({
  ...{ predictions: [], left_out: [], predicted_relations: [] },
  matching: unmatched(profile, solver, because),
});

/** Objects with boxes in 0..1 as they are told, in pixels. */
const told = (
  objects: readonly SceneObject[],
  { width, height }: Pick<Target, "width" | "height">,
): readonly ExplainedObject[] =>
  objects.map(({ id, bbox: [x1, y1, x2, y2] }, place) => ({
    ...{ place, id },
    box: figures([x1 * width, y1 * height, x2 * width, y2 * height]),
  }));
