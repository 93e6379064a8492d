import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainCompletion } from "../../../src/core/explain/explain.ts";
import { makeProfile, profileNames } from "../../../src/core/rewards/profiles.ts";
import { tasks } from "../../../src/core/rewards/reward.ts";
import { createScorer } from "../../../src/core/rewards/score.ts";
import {
  answeredTarget,
  awkwardText,
  damagedCompletion,
  target,
} from "../../helpers/arbitraries.ts";
import { similarity } from "../rewards/scenes.ts";

const anyCase = fc.oneof(
  { weight: 8, arbitrary: answeredTarget() },
  { weight: 1, arbitrary: fc.record({ target: target(), completion: damagedCompletion() }) },
  { weight: 1, arbitrary: fc.record({ target: target(), completion: awkwardText() }) },
);

const parameters = {
  formatWeight: 1.5,
  nodeWeight: 2.5,
  edgeWeight: 3,
  nodeWeights: [1, 3, 4],
} as const;

/** The number that a formula's middle comes to: remarks and units out, then factors and divisors. */
function worthOf(formula: string): number {
  let [, way = "", ...rest] = formula.split(" = ");
  if (rest.length === 0) return Number(way);
  while (/\([^()]*\)/.test(way)) way = way.replace(/\([^()]*\)/g, "");
  const [over = "", under = "1"] = way.split(" / ");
  const number = (text: string) => Number.parseFloat(text.trim());
  return (
    over
      .split("·")
      .map(number)
      .reduce((a, b) => a * b, 1) / number(under)
  );
}

const leaves = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];

describe.each(profileNames)("an explanation by profile %s", (name) => {
  const profile = makeProfile(name, parameters);
  const score = createScorer({ profile, similarity });

  it("has the scorer's values; its formulas come to them, and its parts sum up to them", () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...tasks), ({ completion, target: graph }, task) => {
        const told = explainCompletion(completion, graph, {
          ...{ profile: name, parameters, similarity, task },
        });
        const rewards = Object.keys(profile.rewards);
        const scored = score(completion, graph, { task, rewards });
        expect(told.outcome).toEqual(scored.outcome);
        expect(told.rewards.map((one) => [one.name, one.value])).toEqual(
          rewards.map((reward) => [reward, scored.rewards[reward]! + 0]),
        );
        for (const { value, formula, because, pairs, relations } of told.rewards) {
          expect(worthOf(formula), formula).toBeCloseTo(value, 2);
          if (because !== undefined) expect(value, because).toBe(0);
          const parts = pairs ?? relations;
          const sum = parts?.reduce((all, part) => all + part.value, 0);
          if (sum !== undefined) expect(sum, formula).toBeCloseTo(value, 10);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("is plain data that JSON gives back as it is", () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...tasks), ({ completion, target: graph }, task) => {
        const told = explainCompletion(completion, graph, { profile: name, similarity, task });
        expect(JSON.parse(JSON.stringify(told))).toStrictEqual(told);
        expect(leaves(told).every((leaf) => leaf !== undefined)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("tells of each pair a cost that is the sum of its terms, and leaves nobody out", () => {
    fc.assert(
      fc.property(answeredTarget(), ({ completion, target: graph }) => {
        const { matching, predictions, targets } = explainCompletion(completion, graph, {
          ...{ profile: name, similarity },
        });
        for (const { similarity: s, overlap, l1, terms, cost } of matching.pairs) {
          expect(terms.similarity).toBe(1 - s);
          expect(terms.overlap).toBe(2 * (1 - overlap));
          expect(terms.l1).toBe(5 * l1);
          expect(terms.similarity + terms.overlap + terms.l1).toBeCloseTo(cost, 10);
        }
        const { pairs, unmatched_targets, unmatched_predictions } = matching;
        if (matching.because !== undefined) return;
        expect(pairs.length + unmatched_targets.length).toBe(targets.length);
        expect(pairs.length + unmatched_predictions.length).toBe(predictions.length);
      }),
      { numRuns: 300 },
    );
  });
});
