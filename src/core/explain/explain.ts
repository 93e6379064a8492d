import type { Target } from "../graph/scene-graph.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { shortestPath } from "../matching/shortest-path.ts";
import type { Solver } from "../matching/solver.ts";
import { readCandidate } from "../rewards/candidate.ts";
import {
  defaultParameters,
  makeProfile,
  type ProfileName,
  type ProfileParameters,
} from "../rewards/profiles.ts";
import { type Asked, createScorer } from "../rewards/score.ts";
import { amongUnicode, exactSimilarity, type Similarity } from "../similarity/similarity.ts";
import { explainAnswer } from "./answer.ts";
import type { Explained } from "./explainer.ts";
import { explainers } from "./explainers.ts";
import type { Explanation, RewardExplanation } from "./explanation.ts";
import { figures, shown } from "./figure.ts";
import { explainGraph, nothingRead } from "./graph.ts";
import { explainLimits, type Within, within } from "./limits.ts";
import { placed } from "./relations.ts";

/** What explaining needs besides the texts; everything has a default, that of the scorer. */
export interface ExplainOptions extends Asked {
  readonly profile?: ProfileName;
  readonly parameters?: Partial<ProfileParameters>;
  readonly similarity?: Similarity;
  readonly solver?: Solver;
  readonly limits?: Limits;
}

/**
 * Why one completion gets its rewards: every reward of the profile, with the way to its value.
 *
 * The values are the scorer's own. `rewards` names those that the total counts; the others are
 * explained beside them, each as if it were asked for alone. Time has no limit here.
 *
 * Errors: RangeError for a reward that the profile does not have; never for a completion
 */
export function explainCompletion(
  completion: string,
  target: Target,
  {
    profile: name = "release",
    parameters = {},
    similarity = exactSimilarity,
    solver = shortestPath,
    limits = defaultLimits,
    boxScale = [1000, 1000],
    task = "sgg",
    rewards: counted,
  }: ExplainOptions = {},
): Explanation {
  const profile = makeProfile(name, parameters);
  const score = createScorer({ profile, similarity, solver, limits });
  const asked = { boxScale, task };
  const names = counted ?? profile.defaults;
  const { rewards: values, outcome } = score(completion, target, { ...asked, rewards: names });
  const alone = (reward: string) =>
    score(completion, target, { ...asked, rewards: [reward] }).rewards[reward]!;

  const tools = { similarity: amongUnicode(similarity), solver, isOver: () => false };
  const read = within(() =>
    readCandidate(completion, target, { ...asked, profile, limits, tools }),
  );
  const ways = explainers[name]({ ...defaultParameters, ...parameters });
  const explain = (reward: string): Within<Explained> =>
    read.ok ? within(() => ways[reward]!(read.value)) : read;
  // One reward over a limit makes 0 of all that were asked for with it.
  const over = names.map(explain).find(({ ok }) => !ok);
  return {
    profile: name,
    sources: profile.sources,
    task,
    image: { image_id: target.image_id, width: target.width, height: target.height },
    box_scale: boxScale,
    outcome,
    answer: explainAnswer(completion),
    limits: explainLimits(completion, limits),
    targets: target.objects.map(({ id, bbox }, place) => ({ place, id, box: figures(bbox) })),
    target_relations: target.relationships.map(placed),
    ...(read.ok
      ? explainGraph(read.value, profile, target, boxScale)
      : nothingRead(profile, solver, read.reason)),
    rewards: Object.keys(profile.rewards).map((reward) =>
      values[reward] === undefined
        ? written(reward, alone(reward), false, explain(reward))
        : written(reward, values[reward], true, over ?? explain(reward)),
    ),
    total: names.reduce((sum, reward) => sum + values[reward]!, 0),
  };
}

/** A reward with its formula in full. */
function written(
  name: string,
  value: number,
  in_total: boolean,
  explained: Within<Explained>,
): RewardExplanation {
  const { way, ...parts } = explained.ok ? explained.value : { because: explained.reason };
  const formula = [name, ...(way === undefined ? [] : [way]), shown(value)].join(" = ");
  return { name, value: value + 0, in_total, formula, ...parts };
}
