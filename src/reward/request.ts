import type { Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import type { SentTarget } from "./fields.ts";

/** One completion with all that its score depends on. */
export interface Item {
  readonly completion: string;
  readonly target: Target;
  readonly boxScale: readonly [number, number];
  readonly task: Task;
}

/** A checked request: what to score, and with which rewards. */
export interface RewardRequest {
  readonly items: readonly Item[];
  readonly rewards: readonly string[];
  readonly requestId?: string | undefined;
}

/** Tells a fault: where it is, and what was expected there. */
export type Fail = (path: readonly (string | number)[], expected: string) => void;

/**
 * Tells which list a target lacks: objects unless the task is `cls`, relationships unless it is `det`.
 *
 * Repeated ids and relations to unknown ones pass, since the reference takes them; `data check`
 * refuses them.
 */
export function failWithoutLists({ objects, relationships }: SentTarget, task: Task, fail: Fail) {
  if (task !== "cls" && !objects) fail(["objects"], "a list of objects");
  if (task !== "det" && !relationships) fail(["relationships"], "a list of relationships");
}

/** What a request may leave out. */
interface Asked {
  readonly boxScale?: Item["boxScale"] | undefined;
  readonly task?: Task | undefined;
}

/** One item of a request; Qwen2-VL answers in 0..1000 and with the whole graph unless it says else. */
export function toItem(
  completion: string,
  { objects = [], relationships = [], ...image }: SentTarget,
  { boxScale = [1000, 1000], task = "sgg" }: Asked,
): Item {
  return { completion, target: { ...image, objects, relationships }, boxScale, task };
}
