import { afterAll, beforeAll, expect } from "vitest";
import {
  makeProfile,
  type ProfileParameters,
  profileNames,
  profiles,
} from "../../../src/core/rewards/profiles.ts";
import { nativeSimilarity } from "../../../src/similarity/providers.ts";
import { requires } from "../../helpers/requires.ts";
import { type RewardCase, rewardCases } from "../../helpers/reward-cases/cases.ts";
import {
  askAbout,
  compare,
  type Difference,
  type Profiles,
} from "../../helpers/reward-cases/compare.ts";
import { shrink } from "../../helpers/reward-cases/shrink.ts";
import {
  type OracleAnswers,
  type RewardOracle,
  startRewardOracle,
} from "../../helpers/reward-oracle.ts";

/**
 * The rewards against test/oracle/rewards.py, on cases that neither has seen.
 *
 * `R1SGG_FUZZ="name 50000"` draws others, or more.
 */
const [name = "", count = ""] = (process.env.R1SGG_FUZZ ?? "differential 20000").split(" ");
const { describe, it } = requires("python");
const cases = rewardCases(name, Number(count));
const { similarity } = await nativeSimilarity();

/** The first kinds of difference, each with an example as short as can be; none when there is none. */
async function told(oracle: RewardOracle, found: readonly Difference[]): Promise<string> {
  const kinds = Map.groupBy(found, ({ profile, what }) => `${profile} ${what}`);
  const counts = [...kinds].map(([kind, all]) => `${kind}: ${all.length} cases\n`);
  let text = counts.join("");
  for (const all of [...kinds.values()].slice(0, 4)) text += await tell(oracle, all);
  return text;
}

async function tell(oracle: RewardOracle, all: readonly Difference[]): Promise<string> {
  const { profile, what, of } = all.reduce((least, one) =>
    one.of.completion.length < least.of.completion.length ? one : least,
  );
  const only: Profiles = { [profile]: profiles[profile] };
  const differencesOf = async (some: readonly RewardCase[]) =>
    compare(some, only, similarity, await askAbout(oracle, some, only)).filter(
      (one) => one.what === what,
    );
  const least = await shrink(of, async (some) => {
    const differing = new Set((await differencesOf(some)).map((one) => one.of));
    return some.map((one) => differing.has(one));
  });
  const { ours, python } = (await differencesOf([least]))[0]!;
  const { completion, target, task, boxScale } = least;
  return `
${profile} ${what}: ours ${ours}, Python ${python}, for
${JSON.stringify({ task, boxScale, target })}
${JSON.stringify(completion)}
`;
}

describe(`all profiles on ${count} cases, against live Python`, () => {
  let answers: readonly OracleAnswers[] = [];
  let oracle: RewardOracle;
  beforeAll(async () => {
    oracle = await startRewardOracle();
    answers = await askAbout(oracle, cases, profiles);
  }, 900_000);
  afterAll(() => oracle[Symbol.asyncDispose]());

  it("give the same rewards and the same pairs", async () => {
    expect(await told(oracle, compare(cases, profiles, similarity, answers))).toBe("");
  }, 900_000);

  it("are asked about cases of all kinds: each reward is often earned, and often not", () => {
    for (const profile of profileNames) {
      for (const reward of Object.keys(profiles[profile].rewards)) {
        const earned = answers.filter((one) => one[profile]!.rewards[reward]! > 0).length;
        expect(earned / cases.length, `${profile} ${reward}`).toBeGreaterThan(0.05);
        expect(earned / cases.length, `${profile} ${reward}`).toBeLessThan(0.95);
      }
    }
  });
});

it("takes weights, λ and the lenient format as Python does", async () => {
  const some = cases.slice(0, 1000);
  const parameters: Partial<ProfileParameters> = {
    ...{ formatWeight: 0.5, nodeWeight: 1, edgeWeight: 3, strictFormat: false },
    nodeWeights: [3, 0.25, 2],
  };
  const set: Profiles = Object.fromEntries(
    profileNames.map((profile) => [profile, makeProfile(profile, parameters)]),
  );
  const settings = { weights: [0.5, 1, 3], lambdas: [3, 0.25, 2], strict: false } as const;
  await using oracle = await startRewardOracle();
  const found = compare(some, set, similarity, await askAbout(oracle, some, set, settings));
  expect(found.map(({ profile, what, ours, python }) => [profile, what, ours, python])).toEqual([]);
}, 300_000);
