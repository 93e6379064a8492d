import { readRelationships } from "../graph/read-answer.ts";
import type { Target } from "../graph/scene-graph.ts";
import { checkTime, defaultLimits, type IsOver, type Limits, OverLimit } from "../limits.ts";
import { shortestPath } from "../matching/shortest-path.ts";
import type { Solver } from "../matching/solver.ts";
import { amongUnicode, exactSimilarity, type Similarity } from "../similarity/similarity.ts";
import { readCandidate } from "./candidate.ts";
import { type Profile, profiles } from "./profiles.ts";
import type { Candidate, Task } from "./reward.ts";

/**
 * Whether an answer could be read.
 *
 * `parsed: false` says that nothing in it can be scored: every reward is 0. A reason beside
 * `parsed: true` names what is wrong with a part, when the rest may still earn something.
 */
export type Outcome =
  | { readonly parsed: true; readonly reason?: string }
  | { readonly parsed: false; readonly reason: string };

/** The rewards of one completion by name, and how its answer was read. */
export interface Score {
  readonly rewards: Readonly<Record<string, number>>;
  readonly outcome: Outcome;
}

/** What scoring needs besides the texts; everything has a default. */
export interface ScorerOptions {
  readonly profile?: Profile;
  /** For the rewards that compare names by meaning; equal terms only if absent. */
  readonly similarity?: Similarity;
  readonly solver?: Solver;
  readonly limits?: Limits;
  /** Starts the clock of one completion; without it, time has no limit. */
  readonly startClock?: () => IsOver;
}

/** What one completion is asked for; everything has a default. */
export interface Asked {
  /** What the model's coordinates go up to: `[1000, 1000]` for Qwen2-VL. */
  readonly boxScale?: readonly [number, number];
  /** Names from the profile; its defaults if absent. */
  readonly rewards?: readonly string[];
  readonly task?: Task;
}

/** Scores one completion against the graph of its image. */
export type Scorer = (completion: string, target: Target, asked?: Asked) => Score;

/**
 * A scorer of completions by one profile.
 *
 * For the task `det` only the target's objects count, for `cls` only its relations.
 *
 * Unit:   boxes of targets in pixels of their image, of completions in units of `boxScale`
 * Range:  every reward is finite; a completion that cannot be read, or is over a limit, scores 0
 *   and says so in its outcome
 * Errors: RangeError for a reward that the profile does not have; never for a completion
 * Source: R1-SGG e4de64d: both kinds of boxes are multiplied by a reciprocal into 0..1
 *
 * @example
 * createScorer()("nonsense", target).outcome.parsed; // false
 */
export function createScorer({
  profile = profiles.release,
  similarity = exactSimilarity,
  solver = shortestPath,
  limits = defaultLimits,
  startClock = () => () => false,
}: ScorerOptions = {}): Scorer {
  const compare = amongUnicode(similarity);
  return (completion, target, { boxScale, task, rewards: names = profile.defaults } = {}) => {
    const rewards = names.map((name) => [name, rewardOf(profile, name)] as const);
    const give = (value: (reward: (typeof rewards)[number][1]) => number) =>
      Object.fromEntries(rewards.map(([name, reward]) => [name, value(reward)] as const));
    try {
      const isOver = startClock();
      const tools = { similarity: inTime(compare, isOver), solver, isOver };
      const candidate = readCandidate(completion, target, {
        boxScale,
        task,
        profile,
        limits,
        tools,
      });
      return { rewards: give((reward) => reward(candidate)), outcome: outcomeOf(candidate) };
    } catch (error) {
      if (!(error instanceof OverLimit)) throw error;
      const outcome = { parsed: false, reason: `limit: ${error.message}` } as const;
      return { rewards: give(() => 0), outcome };
    }
  };
}

/** A similarity that looks at the clock now and then: a new name of many words takes a while. */
function inTime(similarity: Similarity, isOver: IsOver): Similarity {
  let asked = 0;
  return (a, b) => {
    asked += 1;
    if (asked % 4 === 0) checkTime(isOver);
    return similarity(a, b);
  };
}

/** Scores one completion with a scorer made for it alone. */
export const scoreCompletion = (
  completion: string,
  target: Target,
  options: ScorerOptions & Asked = {},
): Score => createScorer(options)(completion, target, options);

function rewardOf(profile: Profile, name: string) {
  const reward = Object.hasOwn(profile.rewards, name) ? profile.rewards[name] : undefined;
  if (reward) return reward;
  const known = Object.keys(profile.rewards).join(", ");
  throw new RangeError(
    `profile "${profile.name}" has no reward "${name}", expected one of ${known}`,
  );
}

/** The first fault in what the task asks for. Faulty relations of `sgg` leave the objects' rewards. */
function outcomeOf({ task, answer, objects, relations, faultyRelation }: Candidate): Outcome {
  if (!answer.ok) return { parsed: false, reason: answer.reason };
  if (task !== "cls" && !objects.ok) return { parsed: objects.partial, reason: objects.reason };
  if (task === "det") return { parsed: true };
  const relationships =
    faultyRelation === "fatal" ? relations() : readRelationships(answer.value.relationships);
  if (relationships.ok) return { parsed: true };
  return { parsed: task === "sgg", reason: relationships.reason };
}
