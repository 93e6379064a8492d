import { averagePrecision, type Curve, curveOf, type Weights } from "./average-precision.ts";
import {
  type AtCutoffs,
  atCutoffs,
  type Cutoff,
  groupMeans,
  meanOf,
  meanShare,
  microShare,
  type Shares,
  sharesOf,
} from "./recall.ts";
import type { ClassTally, Tally } from "./tally.ts";

/** The figures that a confidence interval is given for, all in percent. */
export interface Figures {
  readonly failure_rate: number | null;
  readonly ap50: number | null;
  readonly recall: AtCutoffs;
  readonly mean_recall: AtCutoffs;
  readonly zero_shot_recall: AtCutoffs | null;
  readonly micro_recall: number | null;
  readonly per_image_recall: number | null;
}

/** The shares of a tally, computed once for many samples of its images. */
export interface Prepared {
  readonly tally: Tally;
  /** Detections in the order in which AP takes them, by class. */
  readonly classes: readonly ClassTally[];
  /** The same at IoU 0.5. */
  readonly curves50: readonly Curve[];
  readonly byImage: Shares;
  readonly byPredicate: Shares;
  readonly unseen: Shares | undefined;
  /** Of all images, also those that R@K does not count, without a K. */
  readonly whole: Shares;
}

/** Computes what the figures of every sample rest on. Errors: none. */
export function prepare(tally: Tally): Prepared {
  const { relations, protocol, isCounted: images } = tally;
  const shares = (by: "image" | "predicate") => sharesOf(relations, { rank: "rank", by, images });
  const all = [...tally.classes.values()];
  const classes = protocol.quirks.sortsImages ? sortedByImage(all, tally.imageIds) : all;
  return {
    tally,
    classes,
    curves50: classes.map((one) => curveOf(one)),
    byImage: shares("image"),
    byPredicate: shares("predicate"),
    unseen:
      protocol.isUnseen &&
      sharesOf(relations, { rank: "rank", by: "image", onlyUnseen: true, images }),
    whole: sharesOf(relations, { rank: protocol.wholeRank, by: "image" }),
  };
}

/**
 * The main figures of a sample of the images; of all of them when no weights are given.
 *
 * Shape:  `weights` says of each image how often it is in the sample.
 * Range:  [0, 100]; null where the sample has nothing to be found.
 * Errors: none.
 */
export function figuresOf(prepared: Prepared, weights?: Weights): Figures {
  const { tally, curves50, byImage, unseen, whole } = prepared;
  return {
    failure_rate: failureRate(tally, weights),
    ap50: averagePrecision(curves50, weights),
    recall: atCutoffs((limit) => meanShare(byImage, limit, weights)),
    mean_recall: atCutoffs((limit) => meanRecall(prepared, limit, weights)),
    zero_shot_recall: unseen ? atCutoffs((limit) => meanShare(unseen, limit, weights)) : null,
    micro_recall: microShare(whole, weights),
    per_image_recall: meanShare(whole, "all", weights),
  };
}

/**
 * The detections of each class with the images in the order of their ids as texts.
 *
 * All scores tie, so that the order of the images decides: COCO's own is that of their ids, and the
 * release's ids are texts.
 *
 * Source: pycocotools 2.0.8 `COCOeval.evaluate`: `np.unique(p.imgIds)`
 */
function sortedByImage(classes: readonly ClassTally[], ids: readonly string[]): ClassTally[] {
  const rank = new Map(ids.toSorted().map((id, i) => [id, i]));
  return classes.map((tally) => {
    const place = (i: number) => rank.get(ids[tally.image[i]!]!)!;
    const order = [...tally.image.keys()].sort((a, b) => place(a) - place(b));
    const sorted = (list: readonly number[]) => order.map((i) => list[i]!);
    const { hits, ignored } = tally;
    return {
      ...tally,
      image: sorted(tally.image),
      hits: hits.map(sorted),
      ignored: ignored.map(sorted),
    };
  });
}

/**
 * Share of failures in percent: of all images, or in the release of those that have an answer.
 *
 * Source: R1-SGG e4de64d `sgg_gather_preds.py` counts files, so that a missing one is no failure
 */
function failureRate({ answers, protocol }: Tally, weights: Weights): number | null {
  const { skipsSilent } = protocol.quirks;
  let failed = 0;
  let all = 0;
  for (let i = 0; i < answers.length; i += 1) {
    if (skipsSilent && answers[i] === "none") continue;
    const weight = weights ? weights[i]! : 1;
    all += weight;
    if (answers[i] !== "read") failed += weight;
  }
  return all === 0 ? null : (100 * failed) / all;
}

/**
 * Mean over the predicates: those of the truth, or in the release all, an absent one counting 0.
 *
 * Source: R1-SGG e4de64d `src/utils/sgg_eval.py` divides by the number of classes
 */
function meanRecall({ tally, byPredicate }: Prepared, limit: Cutoff, weights: Weights) {
  const { classes, quirks } = tally.protocol;
  const means = groupMeans(byPredicate, classes.predicates.length, limit, weights);
  return meanOf(quirks.countsAbsentPredicates ? means.map((value) => value ?? 0) : means);
}
