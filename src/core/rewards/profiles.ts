import { giou } from "../geometry/giou.ts";
import { iou, signedArea } from "../geometry/iou.ts";
import { refine, refineUnstripped } from "../graph/names.ts";
import type { Rename } from "../graph/read-answer.ts";
import type { SceneObject } from "../graph/scene-graph.ts";
import type { Overlap } from "../matching/match-objects.ts";
import { paperFormatReward, v1FormatReward } from "./early-format.ts";
import { edgeReward } from "./edge.ts";
import { edgeHardReward } from "./edge-hard.ts";
import { edgeHardRelaxReward } from "./edge-hard-relax.ts";
import { type Form, formatReward, headForm } from "./format.ts";
import { type NodeWeights, nodeAccReward, nodeBoxReward, nodeReward } from "./node.ts";
import { paperEdgeReward } from "./paper-edge.ts";
import type { FaultyRelation } from "./relations.ts";
import type { Reward } from "./reward.ts";
import { refinedUnitGraph, resizedGraph, type ToTargetGraph, unitGraph } from "./target-graph.ts";

/** A named set of reward variants that are used together. */
export interface Profile {
  readonly name: string;
  /** Whose behaviour it is: repository, commits, and what was taken from which. */
  readonly sources: string;
  /** What becomes of the answer's ids and predicates. */
  readonly rename: Rename;
  /** Predicted objects that count at all; format rewards look at the answer as it is. */
  readonly counts: (object: SceneObject) => boolean;
  readonly faultyRelation: FaultyRelation;
  readonly targetGraph: ToTargetGraph;
  /** Which overlap the matching cost takes. */
  readonly overlap: Overlap;
  /** Every reward that it offers, by name. */
  readonly rewards: Readonly<Record<string, Reward>>;
  /** The rewards given when none is named. */
  readonly defaults: readonly string[];
}

/** What may be set in a profile; the environment variables of the reference, and λ of the paper. */
export interface ProfileParameters {
  /** `FORMAT_REWARD_WEIGHT` */
  readonly formatWeight: number;
  /** `NODE_REWARD_WEIGHT`, of `node_acc_reward` and `node_box_reward` each */
  readonly nodeWeight: number;
  /** `EDGE_REWARD_WEIGHT` */
  readonly edgeWeight: number;
  /** `STRICT_FORMAT`: a valid answer without tags gets nothing instead of half. */
  readonly strictFormat: boolean;
  /** λ1, λ2, λ3 of `node_reward`. */
  readonly nodeWeights: NodeWeights;
}

/** Source: defaults of R1-SGG e4de64d; the paper gives no λ, the matching cost has 1, 2 and 5. */
export const defaultParameters: ProfileParameters = {
  formatWeight: 1,
  nodeWeight: 2,
  edgeWeight: 5,
  strictFormat: true,
  nodeWeights: [1, 2, 5],
};

type Make = (parameters: ProfileParameters) => Omit<Profile, "name">;

const everything = (): boolean => true;

/** Four finite numbers, and near enough to 0 that an area can be told. */
const hasFiniteBox = ({ bbox }: SceneObject): boolean => Number.isFinite(signedArea(bbox));

const releasedFormat = ({ formatWeight, strictFormat }: ProfileParameters, form?: Form): Reward =>
  formatReward({ weight: formatWeight, strict: strictFormat, ...(form && { form }) });

/** The rewards of the released code by name, but for the format. */
const graphRewards = ({
  nodeWeight,
  edgeWeight,
}: ProfileParameters): Readonly<Record<string, Reward>> => ({
  node_acc_reward: nodeAccReward({ weight: nodeWeight }),
  node_box_reward: nodeBoxReward({ weight: nodeWeight }),
  edge_reward: edgeReward({ weight: edgeWeight }),
  edge_hard_reward: edgeHardReward({ weight: edgeWeight }),
  edge_hard_relax_reward: edgeHardRelaxReward({ weight: edgeWeight }),
});

const fourRewards = ["format_reward", "node_acc_reward", "node_box_reward", "edge_reward"];

const released = {
  rename: refine,
  counts: everything,
  faultyRelation: "fatal",
  targetGraph: unitGraph,
  overlap: giou,
} as const;

const makers = {
  /** The default: the released code with the one fault mended that makes it useless. */
  release: (parameters) => ({
    ...released,
    sources: "R1-SGG e4de64d, with the format reward of 8451508 (before its fault)",
    rewards: {
      format_reward: releasedFormat(parameters),
      ...graphRewards(parameters),
    },
    defaults: fourRewards,
  }),

  /** The released code fault for fault: its format reward is 0 for every graph with an object. */
  "release-head": (parameters) => ({
    ...released,
    sources: "R1-SGG e4de64d",
    rewards: {
      format_reward: releasedFormat(parameters, headForm),
      ...graphRewards(parameters),
    },
    defaults: fourRewards,
  }),

  /** The code of the paper's first version. */
  v1: (parameters) => {
    const { node_acc_reward, node_box_reward, edge_reward } = graphRewards(parameters);
    return {
      ...released,
      sources: "R1-SGG 49355c7 (branch arxiv-0417)",
      rename: refineUnstripped,
      targetGraph: resizedGraph,
      rewards: {
        format_reward: v1FormatReward({ weight: parameters.formatWeight }),
        node_acc_reward: node_acc_reward!,
        node_box_reward: node_box_reward!,
        edge_reward: edge_reward!,
      },
      defaults: fourRewards,
    };
  },

  /** What the paper's text says, which no released code does. */
  paper: (parameters) => ({
    sources: "arXiv 2504.13617v1, Eq. 3 to 7",
    ...released,
    targetGraph: refinedUnitGraph,
    overlap: iou,
    rewards: {
      format_reward: paperFormatReward({ weight: parameters.formatWeight }),
      node_reward: nodeReward(parameters.nodeWeights),
      edge_reward: paperEdgeReward,
    },
    defaults: ["format_reward", "node_reward", "edge_reward"],
  }),

  /** `release` without its holes: nothing is earned by NaN, nothing lost by another's spelling. */
  robust: (parameters) => ({
    sources: "r1sgg: release without its holes",
    ...released,
    targetGraph: refinedUnitGraph,
    counts: hasFiniteBox,
    faultyRelation: "skipped",
    rewards: {
      format_reward: releasedFormat(parameters),
      ...graphRewards(parameters),
    },
    defaults: ["format_reward", "edge_hard_reward"],
  }),
} as const satisfies Readonly<Record<string, Make>>;

/** A profile's name. */
export type ProfileName = keyof typeof makers;

/** Every profile's name, for checks and messages. */
export const profileNames = Object.keys(makers) as readonly ProfileName[];

/**
 * A profile with its parameters set.
 *
 * @example
 * makeProfile("release", { strictFormat: false });
 */
export const makeProfile = (
  name: ProfileName,
  parameters: Partial<ProfileParameters> = {},
): Profile => ({ name, ...makers[name]({ ...defaultParameters, ...parameters }) });

/** The profiles by name, with default parameters. */
export const profiles = Object.fromEntries(
  profileNames.map((name) => [name, makeProfile(name)]),
) as unknown as Readonly<Record<ProfileName, Profile>>;
