import type { Cost } from "../matching/match-objects.ts";
import type { Task } from "../rewards/reward.ts";
import type { Outcome } from "../rewards/score.ts";
import type { BoxFigures, Figure } from "./figure.ts";

/** An object by its place in its list and its id. */
export interface Named {
  readonly place: number;
  readonly id: string;
}

/** An object with its box in pixels of the image. */
export interface ExplainedObject extends Named {
  readonly box: BoxFigures;
}

/** A relation by its place in its list; `null` stands for a field that is missing or no text. */
export interface ExplainedRelation {
  readonly place: number;
  readonly subject: string | null;
  readonly predicate: string | null;
  readonly object: string | null;
  /** What is wrong with it. */
  readonly fault?: string;
}

/** How the text of a completion was read. */
export interface AnswerExplanation {
  /** UTF-16 units of the whole completion. */
  readonly characters: number;
  /** Whether it is think tags, white space, answer tags and nothing else. */
  readonly tags: boolean;
  readonly taken_from: "answer tags" | "answer tag that is not closed" | "whole completion";
  /** What was read as JSON. */
  readonly text: string;
  /** Where `text` stops being JSON, counted from 1, with what stands around it. */
  readonly broken_at?: {
    readonly character: number;
    readonly before: string;
    readonly after: string;
  };
}

/** One bound on a completion, and what was found. */
export interface LimitExplanation {
  readonly of: string;
  readonly found: number;
  readonly most: number;
}

/** Two matched objects, and why they are: their cost and its three terms. */
export interface PairExplanation extends Omit<Cost, "total"> {
  readonly target: Named;
  readonly predicted: Named;
  readonly cost: number;
}

/** Which predicted object stands for which target. */
export interface MatchingExplanation {
  readonly solver: string;
  readonly overlap: "GIoU" | "IoU";
  readonly pairs: readonly PairExplanation[];
  readonly unmatched_targets: readonly Named[];
  readonly unmatched_predictions: readonly Named[];
  /** Why there are no pairs. */
  readonly because?: string;
}

/** One condition of a format reward. */
export interface Check {
  readonly what: string;
  readonly passed: boolean;
  /** What was found, where it did not pass. */
  readonly found?: string;
}

/** What a matched pair adds to a reward, and from what. */
export interface ObjectPart {
  readonly target: Named;
  readonly predicted: Named;
  /** Similarity, IoU, L1: those that the reward looks at. */
  readonly measures: Readonly<Record<string, number>>;
  readonly value: number;
}

/** A predicted relation that was compared with a target relation. */
export interface Compared extends ExplainedRelation {
  /** IoU of the boxes at both ends, where the reward looks at boxes. */
  readonly iou?: { readonly subject: Figure; readonly object: Figure };
  /** Similarities of the names, where the reward looks at them; null where there is none. */
  readonly similarity?: {
    readonly subject: Figure;
    readonly predicate: Figure;
    readonly object: Figure;
  };
}

/** What became of a target relation: `ended` is the one at which a fault ended the whole reward. */
export type Verdict = "hit" | "miss" | "ended" | "not reached";

/** What a target relation adds to a reward, by which prediction, or why nothing. */
export interface RelationPart {
  readonly place: number;
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  readonly verdict: Verdict;
  readonly value: number;
  /** Why, in words. */
  readonly because: string;
  /** The predictions that count for it. */
  readonly by: readonly Compared[];
  /** For a miss, the prediction that came nearest. */
  readonly nearest?: Compared;
}

/** A reward with the way to it; the values of its parts sum up to it. */
export interface RewardExplanation {
  readonly name: string;
  readonly value: number;
  /** Whether the total counts it. */
  readonly in_total: boolean;
  /** The formula with its numbers: `edge_hard_reward = 5 · 2 hits / 4 relations = 2.5`. */
  readonly formula: string;
  /** Why it is 0 as a whole. */
  readonly because?: string;
  readonly checks?: readonly Check[];
  readonly pairs?: readonly ObjectPart[];
  readonly relations?: readonly RelationPart[];
}

/**
 * Why one completion got its rewards: plain data, the same after a way through JSON.
 *
 * Unit: boxes in pixels of the image, distances and overlaps of boxes in 0..1
 */
export interface Explanation {
  readonly profile: string;
  readonly sources: string;
  readonly task: Task;
  readonly image: { readonly image_id: string; readonly width: number; readonly height: number };
  readonly box_scale: readonly [number, number];
  readonly outcome: Outcome;
  readonly answer: AnswerExplanation;
  readonly limits: readonly LimitExplanation[];
  readonly targets: readonly ExplainedObject[];
  readonly target_relations: readonly ExplainedRelation[];
  /** The predicted objects that count; places are those among them. */
  readonly predictions: readonly ExplainedObject[];
  /** Predicted objects that do not count by the profile, as their boxes are not finite. */
  readonly left_out: readonly ExplainedObject[];
  readonly predicted_relations: readonly ExplainedRelation[];
  readonly matching: MatchingExplanation;
  readonly rewards: readonly RewardExplanation[];
  readonly total: number;
}
