import { expect, it } from "vitest";
import { formatReward } from "../../../src/core/rewards/format.ts";
import { profiles } from "../../../src/core/rewards/profiles.ts";
import { scoreCompletion } from "../../../src/core/rewards/score.ts";
import { goldenCases } from "../../helpers/golden-rewards.ts";

const profile = {
  ...profiles.release,
  rewards: {
    ...profiles.release.rewards,
    lenient: formatReward({ weight: 1, strict: false }),
  },
  defaults: ["format_reward", "lenient", "edge_hard_reward"],
};

it("knows 333 cases of the tasks sgg, det and cls", () => {
  expect(goldenCases).toHaveLength(333);
});

it.each(goldenCases)("rewards $id as the reference does, to the last bit", (one) => {
  const { completion, target, task, boxScale, format, edgeHard } = one;
  expect(scoreCompletion(completion, target, { task, boxScale, profile }).rewards).toEqual({
    format_reward: format.strict,
    lenient: format.lenient,
    edge_hard_reward: edgeHard,
  });
});
