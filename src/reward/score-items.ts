import { setImmediate } from "node:timers/promises";
import { munkresJs } from "../core/matching/munkres-js.ts";
import { shortestPath } from "../core/matching/shortest-path.ts";
import type { Solver } from "../core/matching/solver.ts";
import { makeProfile, type Profile } from "../core/rewards/profiles.ts";
import { createScorer, type Score, type Scorer } from "../core/rewards/score.ts";
import type { Similarity } from "../core/similarity/similarity.ts";
import type { SimilarityProvider } from "../similarity/provider.ts";
import { withSimilarity } from "./prepared-similarity.ts";
import type { Item } from "./request.ts";
import type { ScoringSettings, SolverName } from "./settings.ts";

/** Scores all items with the same rewards, or throws: nothing is half-scored. */
export type ScoreItems = (items: readonly Item[], rewards: readonly string[]) => Promise<Score[]>;

/** Milliseconds after which other work of the thread gets a turn. */
const turnMs = 10;

/** The solvers by name. */
export const solvers: Readonly<Record<SolverName, Solver>> = {
  exact: shortestPath,
  "munkres-js": munkresJs,
};

/** The profile that is served, with its parameters. */
export const profileOf = ({
  profile,
  parameters,
}: Pick<ScoringSettings, "profile" | "parameters">): Profile => makeProfile(profile, parameters);

/** Makes the scorer of a server. */
export function createScoreItems(
  settings: ScoringSettings,
  provider: SimilarityProvider,
): ScoreItems {
  const profile = profileOf(settings);
  const scorer = (similarity: Similarity) =>
    createScorer({
      profile,
      similarity,
      solver: solvers[settings.solver],
      limits: settings.limits,
      startClock: () => {
        const end = performance.now() + settings.completionMs;
        return () => performance.now() > end;
      },
    });
  return (items, rewards) =>
    withSimilarity(provider, (similarity) => scoreAll(scorer(similarity), items, rewards));
}

async function scoreAll(
  score: Scorer,
  items: readonly Item[],
  rewards: readonly string[],
): Promise<Score[]> {
  const scores: Score[] = [];
  let turn = performance.now();
  for (const { completion, target, boxScale, task } of items) {
    scores.push(score(completion, target, { boxScale, task, rewards }));
    if (performance.now() - turn < turnMs) continue;
    await setImmediate();
    turn = performance.now();
  }
  return scores;
}
