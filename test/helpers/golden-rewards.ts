import { readFileSync } from "node:fs";
import type { Target } from "../../src/core/graph/scene-graph.ts";
import type { Task } from "../../src/core/rewards/reward.ts";

interface GoldenFile {
  readonly cases: readonly {
    readonly id: string;
    readonly task_type: string;
    readonly image_size: readonly [number, number];
    readonly box_scale: readonly [number, number];
    readonly gt: Pick<Target, "objects" | "relationships">;
    readonly completion: string;
    readonly expected: {
      readonly head_strict: Readonly<Record<string, number>>;
      readonly prehash_8451508: {
        readonly format_reward_strict: number;
        readonly format_reward_lenient: number;
      };
    };
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
  }),
);

/** The cases of the tasks sgg, det and cls. */
export const goldenCases = all.filter(
  (one): one is GoldenCase & { readonly task: Task } => one.task !== "caption",
);

/** The case of a task that nobody knows. */
export const unknownTaskCase = all.find((one) => one.task === "caption")!;
