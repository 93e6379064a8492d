import type { Reading } from "../graph/read-answer.ts";
import type { SceneGraph, SceneObject } from "../graph/scene-graph.ts";
import type { JsonObject } from "../json/json-value.ts";

/** What a model was asked for: the whole graph, its objects only, or relations between given boxes. */
export type Task = "sgg" | "det" | "cls";

/** All tasks, for checks and messages. */
export const tasks: readonly Task[] = ["sgg", "det", "cls"];

/** One completion, read once, with what it is measured against; every reward looks at this. */
export interface Candidate {
  readonly completion: string;
  readonly task: Task;
  readonly answer: Reading<JsonObject>;
  /** The answer's objects, ids refined, boxes in 0..1. */
  readonly objects: Reading<readonly SceneObject[]>;
  /** Ground truth, boxes in 0..1; names as the data has them. */
  readonly target: SceneGraph;
}

/** A reward: total, finite, and 0 for a completion from which it can read nothing. */
export type Reward = (candidate: Candidate) => number;
