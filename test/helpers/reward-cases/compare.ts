import { defaultLimits } from "../../../src/core/limits.ts";
import { shortestPath } from "../../../src/core/matching/shortest-path.ts";
import { readCandidate } from "../../../src/core/rewards/candidate.ts";
import type { Profile, ProfileName } from "../../../src/core/rewards/profiles.ts";
import type { Candidate } from "../../../src/core/rewards/reward.ts";
import { createScorer, type Score } from "../../../src/core/rewards/score.ts";
import type { Similarity } from "../../../src/core/similarity/similarity.ts";
import type { OracleAnswers, OracleRequest, RewardOracle } from "../reward-oracle.ts";
import type { RewardCase } from "./cases.ts";

/** Where the two differ: a reward of a profile, or the `pairs` that it matched. */
export interface Difference {
  readonly profile: ProfileName;
  readonly what: string;
  readonly ours: unknown;
  readonly python: unknown;
  readonly of: RewardCase;
}

/** Profiles made with the same settings as Python is asked for. */
export type Profiles = Readonly<Partial<Record<ProfileName, Profile>>>;

const namesOf = (profiles: Profiles): readonly ProfileName[] =>
  Object.keys(profiles) as ProfileName[];

/** Python's rewards of cases, and pairs too. */
export const askAbout = (
  oracle: RewardOracle,
  cases: readonly RewardCase[],
  profiles: Profiles,
  settings: OracleRequest["settings"] = {},
): Promise<readonly OracleAnswers[]> =>
  oracle.score(
    cases.map(({ completion, target, task, boxScale }) => ({
      ...{ completion, target, task, settings, pairs: true },
      box_scale: boxScale,
      profiles: namesOf(profiles),
    })),
  );

/** Every difference between ours and what Python said. */
export function compare(
  cases: readonly RewardCase[],
  profiles: Profiles,
  similarity: Similarity,
  answers: readonly OracleAnswers[],
): readonly Difference[] {
  return namesOf(profiles).flatMap((name) => {
    const score = scorerOf(profiles[name]!, similarity);
    return cases.flatMap((of, i) => {
      const { rewards, pairs } = answers[i]![name]!;
      const ours: Readonly<Record<string, unknown>> = {
        ...score(of).rewards,
        pairs: pairsOf(of, profiles[name]!, similarity),
      };
      const theirs: Readonly<Record<string, unknown>> = {
        ...rewards,
        pairs: JSON.stringify(pairs),
      };
      return Object.entries(theirs)
        .filter(([what, python]) => !isSame(what, ours[what], python))
        .map(([what, python]) => ({ profile: name, what, ours: ours[what], python, of }));
    });
  });
}

/** 1e-5 for what comes from single-precision vectors; formats and pairs are the same or not. */
function isSame(what: string, ours: unknown, python: unknown): boolean {
  if (what === "pairs" || what === "format_reward") return ours === python;
  return Math.abs(Number(ours) - Number(python)) <= 1e-5;
}

const scorerOf = (profile: Profile, similarity: Similarity) => {
  const score = createScorer({ profile, similarity });
  const rewards = Object.keys(profile.rewards);
  return ({ completion, target, task, boxScale }: RewardCase): Score =>
    score(completion, target, { task, boxScale, rewards });
};

function candidateOf(
  { completion, target, task, boxScale }: RewardCase,
  profile: Profile,
  similarity: Similarity,
): Candidate {
  const compare: Similarity = (a, b) =>
    a.isWellFormed() && b.isWellFormed() ? similarity(a, b) : Number.NaN;
  const tools = { similarity: compare, solver: shortestPath, isOver: () => false };
  return readCandidate(completion, target, {
    ...{ boxScale, task, profile, tools },
    limits: defaultLimits,
  });
}

/** Pairs as Python prints them; `null` where there is no matching, as of the task `cls`. */
function pairsOf(one: RewardCase, profile: Profile, similarity: Similarity): string {
  const match = one.task === "cls" ? undefined : candidateOf(one, profile, similarity).match();
  return JSON.stringify(match?.map((pair) => [pair.target, pair.predicted]) ?? null);
}
