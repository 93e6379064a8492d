import type { ClassNames } from "../classes/class-names.ts";
import { averagePrecision, classPrecision, curvesAtAll } from "./average-precision.ts";
import { type Figures, figuresOf, type Prepared, prepare } from "./figures.ts";
import type { EvaluationRow } from "./judge.ts";
import { type Frequencies, type PredicateGroups, predicateGroups } from "./predicate-groups.ts";
import { strictProtocol } from "./protocol.ts";
import {
  type AtCutoffs,
  atCutoffs,
  groupMeans,
  meanOf,
  meanShare,
  type Shares,
  sharesOf,
} from "./recall.ts";
import { tallyOf } from "./tally.ts";

export type { EvaluationRow } from "./judge.ts";

/** How well one predicate is found, over the images that have it. */
export interface PredicateRecall {
  readonly predicate: string;
  readonly images: number;
  readonly relationships: number;
  readonly recall: AtCutoffs;
}

/** How well the objects of one class are found, at IoU 0.5. */
export interface ClassFigures {
  readonly name: string;
  readonly objects: number;
  readonly ap50: number;
  readonly recall50: number;
}

/** The figures of an evaluation; see `evaluate`. */
export interface Metrics extends Figures {
  readonly compat: "strict" | "release";
  readonly images: number;
  readonly failed: number;
  /** COCO's AP, the mean over IoU 0.5 to 0.95. */
  readonly ap: number | null;
  /** Images whose truth has no relation: they count for failures and AP50, not for recall. */
  readonly images_without_relations: number;
  /** True objects and relations that the classes have no name for: they count nowhere. */
  readonly left_out: { readonly objects: number; readonly relationships: number };
  readonly per_predicate: readonly PredicateRecall[];
  readonly per_class: readonly ClassFigures[];
  readonly groups: PredicateGroups;
  readonly classes: ClassNames;
}

/** What only the clean definition has: recall without the graph constraint. */
export interface StrictMetrics extends Metrics {
  readonly compat: "strict";
  readonly ng_recall: AtCutoffs;
  readonly ng_mean_recall: AtCutoffs;
  readonly ng_zero_shot_recall: AtCutoffs | null;
}

/**
 * Scene-graph detection (SGDET) by its clean definition, `--compat strict`.
 *
 * Every image counts: one without an answer, or with an unreadable one, is a failure and finds
 * nothing. Triplets rank in the order of the answer, under the graph constraint: an ordered pair of
 * objects keeps its first predicate; the `ng_` figures do without it. R@K is the mean over images of
 * the share of true relations found among the first K; mR@K the mean over the predicates in the
 * truth of their own R@K. `micro_recall` is the share of all true relations found, and
 * `per_image_recall` the mean of each image's share, both without a K. `zero_shot_recall` is null
 * unless the protocol knows the triplets that training lacks.
 *
 * Shape:  one row an image; AP depends on their order, since all scores tie, and nothing else does.
 * Unit:   percent; boxes of both sides in pixels of the original image, IoU plain (no +1).
 * Range:  [0, 100]; null where nothing was there to be found. Names are compared refined.
 * Errors: none; rows are checked by who reads them.
 * Source: Xu et al., CVPR 2017; Zellers et al., CVPR 2018; COCO. docs/evaluation.md has the formulas
 *         and every difference from R1-SGG e4de64d.
 */
export const evaluate = (rows: Iterable<EvaluationRow>, classes: ClassNames): StrictMetrics =>
  strictMetrics(prepare(tallyOf(rows, strictProtocol(classes))));

/**
 * The figures of a strict tally.
 *
 * `frequencies` cut the predicates into head, body and tail; without them the truth itself does.
 *
 * Errors: none.
 */
export function strictMetrics(prepared: Prepared, frequencies?: Frequencies): StrictMetrics {
  const { tally } = prepared;
  const other = (by: "image" | "predicate", onlyUnseen = false) =>
    sharesOf(tally.relations, { rank: "otherRank", by, onlyUnseen });
  const [images, predicates, unseen] = [other("image"), other("predicate"), other("image", true)];
  const count = tally.protocol.classes.predicates.length;
  return {
    compat: "strict",
    ...commonMetrics(prepared, frequencies),
    ng_recall: atCutoffs((limit) => meanShare(images, limit)),
    ng_mean_recall: atCutoffs((limit) => meanOf(groupMeans(predicates, count, limit))),
    ng_zero_shot_recall: tally.protocol.isUnseen
      ? atCutoffs((limit) => meanShare(unseen, limit))
      : null,
    classes: tally.protocol.classes,
  };
}

/** The figures that both ways of evaluating have, from their own tally. Errors: none. */
export function commonMetrics(
  prepared: Prepared,
  frequencies: Frequencies = frequenciesOf(prepared),
): Omit<Metrics, "compat" | "classes"> {
  const { tally, classes } = prepared;
  const { answers, protocol, leftOut } = tally;
  const missed = protocol.quirks.skipsSilent ? ["failed"] : ["failed", "none"];
  const perPredicate = predicateRecalls(prepared.byPredicate, protocol.classes.predicates);
  const recalls = new Map(perPredicate.map(({ predicate, recall }) => [predicate, recall]));
  const { failure_rate, ap50, ...figures } = figuresOf(prepared);
  return {
    images: answers.length,
    failed: answers.filter((answer) => missed.includes(answer)).length,
    failure_rate,
    ap50,
    ap: averagePrecision(curvesAtAll(classes)),
    ...figures,
    images_without_relations: answers.length - new Set(tally.relations.image).size,
    left_out: { ...leftOut },
    groups: predicateGroups(protocol.classes.predicates, recalls, frequencies),
    per_predicate: perPredicate,
    per_class: perClass(prepared),
  };
}

/** The predicates that the truth has, in the order of the list. */
function predicateRecalls(shares: Shares, predicates: readonly string[]): PredicateRecall[] {
  const at = (limit: "20" | "50" | "100") => groupMeans(shares, predicates.length, limit);
  const recalls = { "20": at("20"), "50": at("50"), "100": at("100") };
  const images = predicates.map(() => 0);
  const relationships = predicates.map(() => 0);
  for (const [i, group] of shares.group.entries()) {
    images[group]! += 1;
    relationships[group]! += shares.of[i]!;
  }
  return predicates.flatMap((predicate, i) =>
    images[i] === 0
      ? []
      : {
          predicate,
          images: images[i]!,
          relationships: relationships[i]!,
          recall: atCutoffs((limit) => recalls[limit][i]!),
        },
  );
}

function perClass({ tally, curves50 }: Prepared): ClassFigures[] {
  return [...tally.classes.keys()].flatMap((name, i) => {
    const found = classPrecision(curves50[i]!);
    if (!found) return [];
    const objects = curves50[i]!.positives.reduce((sum, count) => sum + count, 0);
    return { name, objects, ap50: 100 * found.precision, recall50: 100 * found.recall };
  });
}

function frequenciesOf({ tally }: Prepared): Frequencies {
  const counts = new Map<string, number>();
  for (const place of tally.relations.predicate) {
    const name = tally.protocol.classes.predicates[place]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { source: "the dataset", counts };
}
