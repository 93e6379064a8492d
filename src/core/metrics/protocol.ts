import type { ClassNames } from "../classes/class-names.ts";
import { iou, signedArea } from "../geometry/iou.ts";
import { refine } from "../graph/names.ts";
import type { Box } from "../graph/scene-graph.ts";
import type { DetectionRules } from "./detections.ts";
import type { Overlap } from "./first-hits.ts";
import { exactName, type Reader, toReader, unswapped } from "./reader.ts";
import type { Triplet } from "./scene.ts";

/** How true relations are looked for among the predicted ones. */
export interface Ranking {
  readonly overlap: Overlap;
  /** The graph constraint: an ordered pair of objects keeps its first predicate only. */
  readonly onePerPair: boolean;
}

/** Everything in which one way of evaluating differs from another, image by image. */
export interface Protocol {
  readonly compat: "strict" | "release";
  /** Refined and without repeats, in the order of the list. */
  readonly classes: ClassNames;
  readonly truth: Reader;
  readonly answer: Reader;
  /** R@K, mR@K and zR@K rest on `main`, the figures beside them on `other`. */
  readonly main: Ranking;
  readonly other: Ranking;
  readonly detection: DetectionRules;
  /** Whether a true triplet is one that training lacks; absent where nothing is known of training. */
  readonly isUnseen?: (triplet: Triplet) => boolean;
  /** The ranking that the figures without a K rest on. */
  readonly wholeRank: "rank" | "otherRank";
  readonly quirks: Quirks;
}

/** What the release does and a clean evaluation does not; each is off under strict. */
export interface Quirks {
  /** Images without an answer do not exist for AP and R@K, nor do those without any relation for R@K. */
  readonly skipsSilent: boolean;
  /** The first object of the first row is never found. */
  readonly losesFirstObject: boolean;
  /** Detections stand in the order of the image ids as texts. */
  readonly sortsImages: boolean;
  /** A predicate that the truth lacks counts as one of recall 0. */
  readonly countsAbsentPredicates: boolean;
}

const noQuirks: Quirks = {
  skipsSilent: false,
  losesFirstObject: false,
  sortsImages: false,
  countsAbsentPredicates: false,
};

/** The area of a box for COCO's range "all", which holds every box here. */
const everyArea: DetectionRules["areas"] = [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];

/** IoU with an answer for broken boxes: one that holds a NaN overlaps nothing. */
const overlapOrNone = (a: Box, b: Box): number => iou(a, b) || 0;

/** What a strict evaluation may be given beside its classes. */
export interface StrictOptions {
  readonly answer?: Reader;
  readonly isUnseen?: (triplet: Triplet) => boolean;
}

/**
 * Scene-graph detection (SGDET) by its clean definition.
 *
 * Every image counts: one without an answer, or with an unreadable one, is a failure and finds
 * nothing. Overlap is plain IoU, from one half on, for detections and relations alike. Triplets rank
 * in the order of the answer: R@K under the graph constraint, ng-R@K without.
 *
 * Errors: none.
 * Source: Xu et al., CVPR 2017; Zellers et al., CVPR 2018; COCO.
 */
export function strictProtocol(list: ClassNames, options: StrictOptions = {}): Protocol {
  const classes = refined(list);
  const exact = exactReader(classes);
  return {
    compat: "strict",
    classes,
    truth: exact,
    answer: options.answer ?? exact,
    main: { overlap: iou, onePerPair: true },
    other: { overlap: iou, onePerPair: false },
    detection: { overlap: overlapOrNone, areas: everyArea, areaOf: signedArea },
    ...(options.isUnseen && { isUnseen: options.isUnseen }),
    wholeRank: "rank",
    quirks: noQuirks,
  };
}

/** Classes as they are compared: refined, each once. */
export const refined = ({ objects, predicates }: ClassNames): ClassNames => ({
  objects: [...new Set(objects.map(refine))],
  predicates: [...new Set(predicates.map(refine))],
});

/** Reads a name as the class that it equals once refined. Errors: none. */
export const exactReader = ({ objects, predicates }: ClassNames): Reader =>
  toReader(exactName(objects), unswapped(exactName(predicates)));
