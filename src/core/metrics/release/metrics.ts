import { averagePrecision, averageRecall, curveOf, curvesAtAll } from "../average-precision.ts";
import { commonMetrics, type Metrics, type PredicateRecall } from "../evaluate.ts";
import type { Prepared } from "../figures.ts";
import type { Frequencies } from "../predicate-groups.ts";
import { groupMeans, meanOf, sharesOf } from "../recall.ts";
import { round4 } from "./round.ts";

/** COCO's thirteen figures in percent, by the names of its printed report; null where it says -1. */
export type CocoFigures = Readonly<Record<keyof typeof cocoFigures, number | null>>;

/** A predicate's recall by the release: at K, and without a K over all relations and by image. */
export interface ReleasePredicate extends PredicateRecall {
  readonly micro_recall: number | null;
  readonly per_image_recall: number | null;
}

/** The figures of the release; see docs/evaluation.md for its names of them. */
export interface ReleaseMetrics extends Metrics {
  readonly compat: "release";
  /** Images with an answer; the failure rate and AP are about these. */
  readonly answered: number;
  /** Images that R@K is the mean of, and those that zR@K is. */
  readonly recall_images: number;
  readonly zero_shot_images: number;
  readonly micro_mean_recall: number | null;
  readonly per_image_mean_recall: number | null;
  readonly coco: CocoFigures;
  readonly per_predicate: readonly ReleasePredicate[];
}

/** Area and number of detections of each of COCO's figures; `at` is a threshold, all when absent. */
const cocoFigures = {
  AP: { of: averagePrecision },
  AP50: { of: averagePrecision, at: 0 },
  AP75: { of: averagePrecision, at: 5 },
  APs: { of: averagePrecision, area: 1 },
  APm: { of: averagePrecision, area: 2 },
  APl: { of: averagePrecision, area: 3 },
  AR1: { of: averageRecall, detections: 1 },
  AR10: { of: averageRecall, detections: 10 },
  AR100: { of: averageRecall },
  ARs: { of: averageRecall, area: 1 },
  ARm: { of: averageRecall, area: 2 },
  ARl: { of: averageRecall, area: 3 },
  AR50_100: { of: averageRecall, at: 0 },
} as const satisfies Readonly<Record<string, CocoFigure>>;

interface CocoFigure {
  readonly of: typeof averagePrecision;
  readonly at?: number;
  readonly area?: number;
  readonly detections?: number;
}

/**
 * The figures of a tally under `releaseProtocol`.
 *
 * Shape:  `per_predicate` has every class, with recall 0 at each K for those that the truth lacks
 * Range:  [0, 100]; null where the release prints NaN or -1
 * Errors: none
 * Source: R1-SGG e4de64d. "whole ngR" is `micro_recall`, "ngR per image" `per_image_recall`, and the
 *         means of their predicates stand beside them. The ng-R@K of the release are left out: they
 *         hang on an unstable sort of equal scores.
 */
export function releaseMetrics(prepared: Prepared, frequencies?: Frequencies): ReleaseMetrics {
  const { tally, byImage, unseen } = prepared;
  const common = commonMetrics(prepared, frequencies);
  const perPredicate = releasePredicates(prepared, common.per_predicate);
  return {
    compat: "release",
    ...common,
    failure_rate: common.failure_rate === null ? null : round4(common.failure_rate),
    answered: tally.answers.filter((answer) => answer !== "none").length,
    recall_images: byImage.image.length,
    zero_shot_images: unseen?.image.length ?? 0,
    micro_mean_recall: meanOf(perPredicate.map(({ micro_recall }) => micro_recall)),
    per_image_mean_recall: meanOf(perPredicate.map(({ per_image_recall }) => per_image_recall)),
    coco: cocoOf(prepared),
    per_predicate: perPredicate,
    classes: tally.protocol.classes,
  };
}

function cocoOf({ classes }: Prepared): CocoFigures {
  const figure = ({ of, at, ...options }: CocoFigure) =>
    of(
      at === undefined
        ? curvesAtAll(classes, options)
        : classes.map((one) => curveOf(one, { ...options, threshold: at })),
    );
  return Object.fromEntries(
    Object.entries(cocoFigures).map(([name, one]) => [name, figure(one)]),
  ) as CocoFigures;
}

function releasePredicates(
  { tally }: Prepared,
  counted: readonly PredicateRecall[],
): ReleasePredicate[] {
  const { predicates } = tally.protocol.classes;
  const whole = sharesOf(tally.relations, { rank: "otherRank", by: "predicate" });
  const byImage = groupMeans(whole, predicates.length, "all");
  const found = predicates.map(() => 0);
  const all = predicates.map(() => 0);
  for (const [i, group] of whole.group.entries()) {
    found[group]! += whole.found[i]!;
    all[group]! += whole.of[i]!;
  }
  const absent = { images: 0, relationships: 0, recall: { "20": 0, "50": 0, "100": 0 } };
  return predicates.map((predicate, i) => ({
    predicate,
    ...(counted.find((one) => one.predicate === predicate) ?? absent),
    micro_recall: all[i] === 0 ? null : inPercent(found[i]! / all[i]!),
    per_image_recall: byImage[i] === null ? null : inPercent(byImage[i]! / 100),
  }));
}

/** The release rounds these shares to four decimals before it takes their mean. */
const inPercent = (share: number): number => 100 * round4(share);
