import type { ClassNames } from "../../classes/class-names.ts";
import { psg } from "../../classes/psg.ts";
import { vg150 } from "../../classes/vg150.ts";
import { iou } from "../../geometry/iou.ts";
import type { Box } from "../../graph/scene-graph.ts";
import type { DetectionRules } from "../detections.ts";
import { exactReader, type Protocol, refined } from "../protocol.ts";
import { byNames, isUnseenInVg150 } from "../unseen.ts";
import { cocoOverlap } from "./coco-overlap.ts";
import { type ReleaseData, releaseReader } from "./names.ts";
import { pixelIou } from "./pixel-iou.ts";

/** COCO's ranges of area, in pixels. The first has an end too: a box of more is ignored. */
const areas: DetectionRules["areas"] = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
];

/** Width times height; negative, and so outside of every range, when one axis is inverted. */
const areaOf = ([x1, y1, x2, y2]: Box): number => (x2 - x1) * (y2 - y1);

const lists: Readonly<Record<ReleaseData, ClassNames>> = {
  vg150: refined(vg150),
  psg: refined(psg),
};

/**
 * The released evaluator, quirks included, `--compat release`.
 *
 * Names are mapped by static lists and WordNet; R@K takes IoU of pixels and every triplet in the
 * order of the answer, with no graph constraint; the figures without a K take plain IoU.
 *
 * Errors: none.
 * Source: R1-SGG e4de64d `sgg_gather_preds.py`, `sgg_eval.py` and `vg150_eval.py`
 */
export function releaseProtocol(data: ReleaseData): Protocol {
  const classes = lists[data];
  return {
    compat: "release",
    classes,
    truth: exactReader(classes),
    answer: releaseReader(data, classes),
    main: { overlap: pixelIou, onePerPair: false },
    other: { overlap: iou, onePerPair: false },
    detection: { overlap: cocoOverlap, areas, areaOf },
    isUnseen: data === "psg" ? byNames(psgByIdsOfVg150) : byNames(isUnseenInVg150),
    wholeRank: "otherRank",
    quirks: {
      skipsSilent: true,
      losesFirstObject: true,
      sortsImages: true,
      countsAbsentPredicates: true,
    },
  };
}

/**
 * The release holds the ids of PSG's triplets against those of VG150: "person over bicycle" is looked
 * for as the triplet of VG150 that has its numbers, 0, 1 and 1. Its zR@K of PSG means nothing.
 */
function psgByIdsOfVg150(subject: string, predicate: string, object: string): boolean {
  const objectOf = (name: string) => vg150.objects[lists.psg.objects.indexOf(name) - 1] ?? "";
  const place = lists.psg.predicates.indexOf(predicate);
  const predicateOf = vg150.predicates[place] ?? "";
  return isUnseenInVg150(objectOf(subject), predicateOf, objectOf(object));
}
