import type { LooseRelationship, Reading } from "../graph/read-answer.ts";
import type { Relationship, SceneGraph, SceneObject } from "../graph/scene-graph.ts";
import type { JsonObject } from "../json/json-value.ts";
import type { IsOver } from "../limits.ts";
import type { Pair } from "../matching/pairs.ts";
import type { Solver } from "../matching/solver.ts";
import type { Similarity } from "../similarity/similarity.ts";
import type { FaultyRelation } from "./relations.ts";

/** What a model was asked for: the whole graph, its objects only, or relations between given boxes. */
export type Task = "sgg" | "det" | "cls";

/** All tasks, for checks and messages. */
export const tasks: readonly Task[] = ["sgg", "det", "cls"];

/** What rewards need from outside: it is handed in, so that they stay pure. */
export interface Tools {
  readonly similarity: Similarity;
  readonly solver: Solver;
  readonly isOver: IsOver;
}

/** One completion, read once, with what it is measured against; every reward looks at this. */
export interface Candidate {
  readonly completion: string;
  readonly task: Task;
  readonly answer: Reading<JsonObject>;
  /** The answer's objects, ids refined, boxes in 0..1. */
  readonly objects: Reading<readonly SceneObject[]>;
  /** The answer's relations as the profile names them; a faulty one is left out or spoils all. */
  readonly relations: () => Reading<readonly Relationship[]>;
  readonly faultyRelation: FaultyRelation;
  /** Whatever is there of each relation, for those who meet a fault only when they get there; read once. */
  readonly looseRelations: () => readonly LooseRelationship[] | undefined;
  /** Ground truth, boxes in 0..1; names as the profile takes them. */
  readonly target: SceneGraph;
  readonly tools: Tools;
  /** Pairs of `objects` and the target's; `undefined` where the reference fails. Found once. */
  readonly match: () => readonly Pair[] | undefined;
}

/** A reward: total, finite, and 0 for a completion from which it can read nothing. */
export type Reward = (candidate: Candidate) => number;
