import { readFileSync } from "node:fs";
import type { Target } from "../../src/core/graph/scene-graph.ts";
import type { Task } from "../../src/core/rewards/reward.ts";

type Rewards = Readonly<Record<string, number>>;

interface GoldenFile {
  readonly cases: readonly {
    readonly id: string;
    readonly task_type: string;
    readonly image_size: readonly [number, number];
    readonly box_scale: readonly [number, number];
    readonly gt: Pick<Target, "objects" | "relationships">;
    readonly completion: string;
    readonly expected: {
      readonly head_strict: Rewards;
      readonly head_lenient: Rewards;
      readonly "head_weights_0.5_1_3"?: Rewards;
      readonly prehash_8451508: {
        readonly format_reward_strict: number;
        readonly format_reward_lenient: number;
      };
      readonly arxiv_0417?: Rewards;
    };
    readonly assignment_gt_pred_cost?: readonly (readonly [number, number, number])[];
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/rewards.json", import.meta.url), "utf8"),
) as GoldenFile;

/** A case of test/golden/rewards.json in our own terms. */
export interface GoldenCase {
  readonly id: string;
  readonly completion: string;
  readonly target: Target;
  readonly task: string;
  readonly boxScale: readonly [number, number];
  readonly format: { readonly strict: number; readonly lenient: number };
  readonly edgeHard: number;
  /** Every reward that the reference was asked for, by the names of our profiles. */
  readonly expected: {
    readonly release: Rewards;
    readonly "release-head": Rewards;
    readonly v1: Rewards | undefined;
    readonly lenientHead: Rewards;
    /** Weights 0.5, 1 and 3 of format, node and edge, by e4de64d. */
    readonly weighted: Rewards | undefined;
  };
  /** Places of target and prediction, and what the pair costs; absent where there is no matching. */
  readonly assignment: readonly (readonly [number, number, number])[] | undefined;
}

const all = cases.map(
  (one): GoldenCase => ({
    id: one.id,
    completion: one.completion,
    target: {
      image_id: one.id,
      width: one.image_size[0],
      height: one.image_size[1],
      ...one.gt,
    },
    task: one.task_type,
    boxScale: one.box_scale,
    format: {
      strict: one.expected.prehash_8451508.format_reward_strict,
      lenient: one.expected.prehash_8451508.format_reward_lenient,
    },
    edgeHard: one.expected.head_strict.edge_hard_reward!,
    expected: {
      release: {
        ...one.expected.head_strict,
        format_reward: one.expected.prehash_8451508.format_reward_strict,
      },
      "release-head": one.expected.head_strict,
      v1: one.expected.arxiv_0417,
      lenientHead: one.expected.head_lenient,
      weighted: one.expected["head_weights_0.5_1_3"],
    },
    assignment: one.assignment_gt_pred_cost,
  }),
);

/** The cases of the tasks sgg, det and cls. */
export const goldenCases = all.filter(
  (one): one is GoldenCase & { readonly task: Task } => one.task !== "caption",
);

/** The case of a task that nobody knows. */
export const unknownTaskCase = all.find((one) => one.task === "caption")!;
