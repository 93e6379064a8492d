import type { Parsed, Target } from "../graph/scene-graph.ts";
import { averagePrecision50 } from "./average-precision.ts";
import { constrained, firstHits } from "./first-hits.ts";
import {
  type AtCutoffs,
  atCutoffs,
  meanRecall,
  microRecall,
  type PredicateRecall,
  predicateRecalls,
  recallAt,
} from "./recall.ts";
import { type Classes, type Scene, toScene, toVocabulary, type Vocabulary } from "./scene.ts";

/** One image: what is true, and the answer read as a graph; undefined where none was given. */
export interface EvaluationRow {
  readonly target: Target;
  readonly prediction: Parsed | undefined;
}

/** The figures of an evaluation; see `evaluate`. */
export interface Metrics {
  readonly compat: "strict";
  readonly images: number;
  readonly failed: number;
  readonly failure_rate: number | null;
  readonly ap50: number | null;
  readonly recall: AtCutoffs;
  readonly mean_recall: AtCutoffs;
  readonly zero_shot_recall: AtCutoffs | null;
  readonly micro_recall: number | null;
  readonly per_image_recall: number | null;
  /** Images whose truth has no relation: they count for failures and AP50, not for recall. */
  readonly images_without_relations: number;
  /** True objects and relations that the classes have no name for: they count nowhere. */
  readonly left_out: { readonly objects: number; readonly relationships: number };
  readonly per_predicate: readonly PredicateRecall[];
  readonly classes: Classes;
}

const nothing: Scene = { objects: [], triplets: [] };

/**
 * Scene-graph detection (SGDET) by its clean definition, `--compat strict`.
 *
 * Every image counts: one without an answer, or with an unreadable one, is a failure and finds
 * nothing. Triplets rank in the order of the answer, under the graph constraint: an ordered pair of
 * objects keeps its first predicate. R@K is the mean over images of the share of true relations
 * found among the first K; mR@K the mean over the predicates in the truth of their own R@K.
 * `micro_recall` is the share of all true relations found, and `per_image_recall` the mean of each
 * image's share, both without a K. `zero_shot_recall` is null: it needs a list of the triplets that
 * training lacks, and none is given here.
 *
 * Shape:  one row an image; AP50 depends on their order, since all scores tie, and nothing else does.
 * Unit:   percent; boxes of both sides in pixels of the original image, IoU plain (no +1).
 * Range:  [0, 100]; null where nothing was there to be found. Names are compared refined.
 * Errors: none; rows are checked by who reads them.
 * Source: Xu et al., CVPR 2017; Zellers et al., CVPR 2018; COCO. Differs from R1-SGG e4de64d, which skips
 *         images without a kept relation, takes IoU with +1 pixel and divides mR by all classes.
 */
export function evaluate(rows: readonly EvaluationRow[], classes: Classes): Metrics {
  const vocabulary = toVocabulary(classes);
  const images = rows.map((row) => toImage(row, vocabulary));
  const found = images.map((image) => image.found);
  const failed = rows.filter(({ prediction }) => !prediction?.ok).length;
  const perPredicate = predicateRecalls(found, vocabulary.predicates);
  return {
    compat: "strict",
    images: rows.length,
    failed,
    failure_rate: rows.length > 0 ? (100 * failed) / rows.length : null,
    ap50: averagePrecision50(images),
    recall: atCutoffs((limit) => recallAt(found, limit)),
    mean_recall: meanRecall(perPredicate),
    zero_shot_recall: null,
    micro_recall: microRecall(found),
    per_image_recall: recallAt(found, Number.POSITIVE_INFINITY),
    images_without_relations: found.filter((one) => one.length === 0).length,
    left_out: leftOut(rows, images),
    per_predicate: perPredicate,
    classes: { objects: [...vocabulary.objects], predicates: [...vocabulary.predicates] },
  };
}

function toImage({ target, prediction }: EvaluationRow, vocabulary: Vocabulary) {
  const truth = toScene(target, vocabulary);
  const answer = prediction?.ok ? toScene(prediction.graph, vocabulary) : nothing;
  const ranks = firstHits(truth.triplets, constrained(answer.triplets));
  const found = truth.triplets.map(({ predicate }, i) => ({ predicate, rank: ranks[i]! }));
  return { truth: truth.objects, predicted: answer.objects, found };
}

function leftOut(rows: readonly EvaluationRow[], images: readonly ReturnType<typeof toImage>[]) {
  const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
  return {
    objects: total(rows.map(({ target }, i) => target.objects.length - images[i]!.truth.length)),
    relationships: total(
      rows.map(({ target }, i) => target.relationships.length - images[i]!.found.length),
    ),
  };
}
