import type { Target } from "../../../src/core/graph/scene-graph.ts";
import { type Random, randomStream } from "../../../src/core/random-stream.ts";
import type { Task } from "../../../src/core/rewards/reward.ts";
import { drawAnswer, drawTarget, times, whole } from "./graphs.ts";
import { type Json, type Spelling, spell } from "./json.ts";
import { oddTarget } from "./odd-targets.ts";
import { type Draft, fresh, spoil } from "./oddities.ts";
import { say } from "./wording.ts";

/** One completion with what it is scored against. */
export interface RewardCase {
  readonly completion: string;
  readonly target: Target;
  readonly task: Task;
  readonly boxScale: readonly [number, number];
}

/**
 * Completions on which two implementations of the rewards may differ, the same for the same name.
 *
 * Half of them are plain graphs, from perfect to nonsense, on long-tailed names; the others have up
 * to three mistakes in the answer, oddities in the target, or a text that is no answer.
 */
export const rewardCases = (name: string, count: number): readonly RewardCase[] =>
  times(count, (index) => drawCase(randomStream(`${name} ${index}`)));

function drawCase(random: Random): RewardCase {
  const task = random.weighted(["sgg", "det", "cls"] as const, (one) => (one === "sgg" ? 8 : 1));
  const plain = drawTarget(random);
  const boxScale = drawScale(plain, random);
  const target = random.unit() < 0.25 ? oddTarget(plain, random) : plain;
  // A model may answer oddly to an odd image, or as if it were none.
  const answer = drawAnswer(random.unit() < 0.5 ? target : plain, boxScale, random);
  const draft = fresh(answer as unknown as Json) as Draft;
  if (random.unit() < 0.4) spoil(draft, random);
  if (random.unit() < 0.1)
    delete (draft as Partial<Draft>)[task === "det" ? "relationships" : "objects"];
  return { completion: say(spell(draft, drawSpelling(random)), random), target, task, boxScale };
}

/** Qwen2-VL's thousand, sizes of Qwen2.5-VL, the image itself, and 1. */
function drawScale({ width, height }: Target, random: Random): readonly [number, number] {
  const way = random.unit();
  if (way < 0.6) return [1000, 1000];
  if (way < 0.85) return [28 * whole(random, 4, 40), 28 * whole(random, 4, 40)];
  return way < 0.95 ? [width, height] : [1, 1];
}

const drawSpelling = (random: Random): Spelling => ({
  comma: random.pick([",", ", ", ",\n  "]),
  colon: random.pick([":", ": ", " :\t"]),
  ascii: random.unit() < 0.5,
});
