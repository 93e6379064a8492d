import { setImmediate } from "node:timers/promises";
import { munkresJs } from "../core/matching/munkres-js.ts";
import { shortestPath } from "../core/matching/shortest-path.ts";
import type { Solver } from "../core/matching/solver.ts";
import { makeProfile, type Profile } from "../core/rewards/profiles.ts";
import { createScorer, type Score } from "../core/rewards/score.ts";
import type { Item } from "./request.ts";
import type { ScoringSettings, SolverName } from "./settings.ts";
import { loadSimilarity } from "./similarity.ts";

/** Scores all items with the same rewards, or throws: nothing is half-scored. */
export type ScoreItems = (items: readonly Item[], rewards: readonly string[]) => Promise<Score[]>;

/** Milliseconds after which other work of the thread gets a turn. */
const turnMs = 10;

const solvers: Readonly<Record<SolverName, Solver>> = {
  exact: shortestPath,
  "munkres-js": munkresJs,
};

/** The profile that is served, with its parameters. */
export const profileOf = ({
  profile,
  parameters,
}: Pick<ScoringSettings, "profile" | "parameters">): Profile => makeProfile(profile, parameters);

/** Loads and warms what scoring needs. */
export async function createScoreItems(settings: ScoringSettings): Promise<ScoreItems> {
  const { similarity } = await loadSimilarity(settings.similarity);
  const score = createScorer({
    profile: profileOf(settings),
    similarity,
    solver: solvers[settings.solver],
    limits: settings.limits,
    startClock: () => {
      const end = performance.now() + settings.completionMs;
      return () => performance.now() > end;
    },
  });
  return async (items, rewards) => {
    const scores: Score[] = [];
    let turn = performance.now();
    for (const { completion, target, boxScale, task } of items) {
      scores.push(score(completion, target, { boxScale, task, rewards }));
      if (performance.now() - turn < turnMs) continue;
      await setImmediate();
      turn = performance.now();
    }
    return scores;
  };
}
