import { describe, expect, it } from "vitest";
import { giou } from "../../../src/core/geometry/giou.ts";
import { l1 } from "../../../src/core/geometry/l1.ts";
import { defaultLimits } from "../../../src/core/limits.ts";
import { matchCost } from "../../../src/core/matching/match-objects.ts";
import { shortestPath } from "../../../src/core/matching/shortest-path.ts";
import { readCandidate } from "../../../src/core/rewards/candidate.ts";
import { makeProfile, type Profile, profiles } from "../../../src/core/rewards/profiles.ts";
import { createScorer } from "../../../src/core/rewards/score.ts";
import { amongUnicode, term } from "../../../src/core/similarity/similarity.ts";
import { nativeSimilarity } from "../../../src/similarity/providers.ts";
import { type GoldenCase, goldenCases } from "../../helpers/golden-rewards.ts";

const { similarity } = await nativeSimilarity();

/** Similarities are float32 in the reference. */
const tolerance = 1e-5;

/** The rewards that the reference has for a case, and none if it was not asked. */
type Wanted = (one: GoldenCase) => Readonly<Record<string, number>> | undefined;

const sets: readonly (readonly [string, Profile, Wanted])[] = [
  ["release", profiles.release, (one) => one.expected.release],
  [
    "release, lenient",
    makeProfile("release", { strictFormat: false }),
    (one) => ({ ...one.expected.release, format_reward: one.format.lenient }),
  ],
  ["release-head", profiles["release-head"], (one) => one.expected["release-head"]],
  [
    "release-head, lenient",
    makeProfile("release-head", { strictFormat: false }),
    (one) => one.expected.lenientHead,
  ],
  [
    "release-head, other weights",
    makeProfile("release-head", { formatWeight: 0.5, nodeWeight: 1, edgeWeight: 3 }),
    (one) => one.expected.weighted,
  ],
  ["v1", profiles.v1, (one) => one.expected.v1],
];

it("knows 333 cases of the tasks sgg, det and cls", () => {
  expect(goldenCases).toHaveLength(333);
});

describe.each(sets)("profile %s", (_, profile, wanted) => {
  const score = createScorer({ profile, similarity });
  const asked = goldenCases.filter((one) => wanted(one) !== undefined);

  it("has cases to compare with", () => {
    expect(asked.length).toBeGreaterThanOrEqual(8);
  });

  it.each(asked)("rewards $id ($task) as the reference does", (one) => {
    const { completion, target, task, boxScale } = one;
    const expected = wanted(one)!;
    const names = Object.keys(expected);
    const { rewards } = score(completion, target, { task, boxScale, rewards: names });
    for (const name of names) {
      const allowed = name === "format_reward" || name === "edge_hard_reward" ? 0 : tolerance;
      const difference = Math.abs(rewards[name]! - expected[name]!);
      expect(difference, `${name}: ${rewards[name]}, not ${expected[name]}`).toBeLessThanOrEqual(
        allowed,
      );
    }
  });
});

describe("the matching of objects", () => {
  const compare = amongUnicode(similarity);
  const tools = { similarity: compare, solver: shortestPath, isOver: () => false };

  it.each(goldenCases.filter(({ task }) => task !== "cls"))(
    "of $id is the reference's, at its cost",
    (one) => {
      const { completion, target, task, boxScale, assignment } = one;
      const options = { boxScale, task, profile: profiles.release, limits: defaultLimits, tools };
      const candidate = readCandidate(completion, target, options);
      const pairs = candidate.match()?.map((pair) => [pair.target, pair.predicted]);
      const wanted = assignment?.map(([t, p]) => [t, p]);
      expect(pairs?.toSorted(byPlace)).toEqual(wanted?.toSorted(byPlace));
      for (const [t, p, cost] of assignment ?? []) {
        const found = candidate.objects.ok ? candidate.objects.value[p]! : undefined;
        const object = candidate.target.objects[t]!;
        const alike = compare(term(object.id), term(found!.id));
        const { total } = matchCost(
          alike,
          giou(object.bbox, found!.bbox),
          l1(object.bbox, found!.bbox),
        );
        expect(total).toBeCloseTo(cost, 5);
      }
    },
  );
});

const byPlace = ([a = 0]: readonly number[], [b = 0]: readonly number[]): number => a - b;
