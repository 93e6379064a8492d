import type { Candidate } from "../rewards/reward.ts";
import type { RewardExplanation } from "./explanation.ts";

/** What a reward's explainer finds: the middle of its formula, and its parts. */
export type Explained = Omit<RewardExplanation, "name" | "value" | "in_total" | "formula"> & {
  /** What stands between the name and the value: `5 · 2 hits / 4 relations`. */
  readonly way?: string;
};

/** Goes the way of a reward once more and writes it down. */
export type Explainer = (candidate: Candidate) => Explained;

/** `/ 4 relations`; rewards divide by 1 where there is none. */
export const dividedBy = (count: number, noun: string): string =>
  count === 0 ? `/ 1 (no ${noun}s)` : `/ ${count} ${noun}${count === 1 ? "" : "s"}`;
