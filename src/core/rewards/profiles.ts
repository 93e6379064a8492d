import { edgeHardReward } from "./edge-hard.ts";
import { formatReward } from "./format.ts";
import type { Reward } from "./reward.ts";

/** A named set of reward variants that are used together. */
export interface Profile {
  readonly name: string;
  /** Whose behaviour it is: repository, commits, and what was taken from which. */
  readonly sources: string;
  /** Every reward that it offers, by name. */
  readonly rewards: Readonly<Record<string, Reward>>;
  /** The rewards given when none is named. */
  readonly defaults: readonly string[];
}

/**
 * The profiles by name.
 *
 * Source: weights are the defaults of R1-SGG e4de64d: `FORMAT_REWARD_WEIGHT` 1, `EDGE_REWARD_WEIGHT` 5
 */
export const profiles = {
  release: {
    name: "release",
    sources: "R1-SGG e4de64d, with the format reward of 8451508 (before its fault), strict",
    rewards: {
      format_reward: formatReward({ weight: 1, strict: true }),
      edge_hard_reward: edgeHardReward({ weight: 5 }),
    },
    defaults: ["format_reward", "edge_hard_reward"],
  },
} as const satisfies Readonly<Record<string, Profile>>;

/** A profile's name. */
export type ProfileName = keyof typeof profiles;
