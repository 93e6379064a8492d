import { readFileSync } from "node:fs";
import { beforeAll, describe, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import {
  type OracleAnswers,
  type OracleRequest,
  type RewardOracle,
  startRewardOracle,
} from "../helpers/reward-oracle.ts";

const { it, describe: describeWithPython } = requires("python");

type Rewards = Readonly<Record<string, number>>;
interface Golden {
  readonly id: string;
  readonly task_type: string;
  readonly image_size: readonly [number, number];
  readonly box_scale: readonly [number, number];
  readonly gt: Pick<OracleRequest["target"], "objects" | "relationships">;
  readonly completion: string;
  readonly expected: {
    readonly head_strict: Rewards;
    readonly head_lenient: Rewards;
    readonly prehash_8451508: Rewards;
    readonly arxiv_0417?: Rewards;
    readonly "head_weights_0.5_1_3"?: Rewards;
  };
  readonly assignment_gt_pred_cost?: readonly (readonly number[])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/rewards.json", import.meta.url), "utf8"),
) as { cases: readonly Golden[] };

const ask = (oracle: RewardOracle, settings: NonNullable<OracleRequest["settings"]>) =>
  oracle.score(
    cases.map((one) => ({
      completion: one.completion,
      target: { width: one.image_size[0], height: one.image_size[1], ...one.gt },
      task: one.task_type,
      box_scale: one.box_scale,
      profiles: ["release", "release-head", "v1"],
      settings,
      pairs: true,
    })),
  );

/** Rewards that are not within 1e-6 of the reference's, or whose format differs at all. */
const differences = (expected: Rewards, found: Rewards, id: string): readonly string[] =>
  Object.entries(expected)
    .filter(([name, value]) => {
      const off = Math.abs(value - found[name]!);
      return !(off <= (name.startsWith("format") ? 0 : 1e-6));
    })
    .map(([name, value]) => `${id} ${name}: ${found[name]}, reference ${value}`);

describeWithPython("the oracle of rewards, against the reference itself", () => {
  let strict: readonly OracleAnswers[] = [];
  let lenient: readonly OracleAnswers[] = [];
  let weighted: readonly OracleAnswers[] = [];

  beforeAll(async () => {
    await using oracle = await startRewardOracle();
    strict = await ask(oracle, { strict: true });
    lenient = await ask(oracle, { strict: false });
    weighted = await ask(oracle, { weights: [0.5, 1, 3] });
  }, 300_000);

  describe("gives every golden reward", () => {
    it("of the head, strict and lenient", () => {
      const found = cases.flatMap(({ id, expected }, i) => [
        ...differences(expected.head_strict, strict[i]!["release-head"]!.rewards, id),
        ...differences(expected.head_lenient, lenient[i]!["release-head"]!.rewards, id),
      ]);
      expect(found).toEqual([]);
    });

    it("of the release, whose format is 8451508's", () => {
      const found = cases.flatMap(({ id, expected }, i) => {
        const { format_reward_strict, format_reward_lenient } = expected.prehash_8451508;
        return [
          ...differences(
            { ...expected.head_strict, format_reward: format_reward_strict! },
            strict[i]!.release!.rewards,
            id,
          ),
          ...differences(
            { format_reward: format_reward_lenient! },
            lenient[i]!.release!.rewards,
            id,
          ),
        ];
      });
      expect(found).toEqual([]);
    });

    it("of paper v1's code", () => {
      const found = cases.flatMap(({ id, expected }, i) =>
        differences(expected.arxiv_0417 ?? {}, strict[i]!.v1!.rewards, id),
      );
      expect(found).toEqual([]);
    });

    it("with other weights", () => {
      const found = cases.flatMap(({ id, expected }, i) =>
        differences(
          expected["head_weights_0.5_1_3"] ?? {},
          weighted[i]!["release-head"]!.rewards,
          id,
        ),
      );
      expect(found).toEqual([]);
    });
  });

  it("matches the same objects", () => {
    const objects = cases.filter((one) => one.task_type !== "cls");
    const expected = objects.map(({ assignment_gt_pred_cost: pairs }) =>
      pairs ? pairs.map(([truth, prediction]) => [truth, prediction]) : null,
    );
    const found = objects.map((one) => strict[cases.indexOf(one)]!.release!.pairs);
    expect(found).toEqual(expected);
  });
});
