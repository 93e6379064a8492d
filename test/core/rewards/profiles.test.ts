import { describe, expect, it } from "vitest";
import {
  defaultParameters,
  makeProfile,
  type ProfileName,
  profileNames,
  profiles,
} from "../../../src/core/rewards/profiles.ts";
import { answer, rewardBy, scene } from "./scenes.ts";

const { objects, relationships } = scene;
const [man, horse, tree] = objects;
const [riding, near] = relationships;
const good = answer(objects, relationships);
const untagged = JSON.stringify({ objects, relationships });
const raw = (text: string) => `<think>t</think><answer>${text}</answer>`;

it("knows five profiles, each with defaults that it offers", () => {
  expect(profileNames).toEqual(["release", "release-head", "v1", "paper", "robust"]);
  for (const name of profileNames) {
    expect(profiles[name].name).toBe(name);
    expect(Object.keys(profiles[name].rewards)).toEqual(
      expect.arrayContaining([...profiles[name].defaults]),
    );
  }
});

it("weighs by its parameters, and takes the reference's where none are given", () => {
  const weights = makeProfile("release", { ...defaultParameters, edgeWeight: 3 });
  expect(Object.keys(weights.rewards)).toEqual(Object.keys(profiles.release.rewards));
  expect(rewardBy("release", "edge_reward")(good)).toBe(5);
});

/**
 * Every difference between the profiles: what is looked at, the answer, and the value by profile.
 * `-` where the profile has no such reward. The table in docs/rewards.md has a line for each.
 */
const differences: readonly (readonly [
  what: string,
  reward: string,
  completion: string,
  values: Readonly<Record<ProfileName, number | "-">>,
])[] = [
  [
    "a valid graph in tags",
    "format_reward",
    good,
    { release: 1, "release-head": 0, v1: 1, paper: 1, robust: 1 },
  ],
  [
    "an empty graph in tags",
    "format_reward",
    answer([], []),
    { release: 1, "release-head": 1, v1: 1, paper: 1, robust: 1 },
  ],
  [
    "a valid graph without tags",
    "format_reward",
    untagged,
    { release: 0, "release-head": 0, v1: 0.5, paper: 0.5, robust: 0 },
  ],
  [
    "a newline behind the last tag",
    "format_reward",
    `${good}\n`,
    { release: 1, "release-head": 0, v1: 0.5, paper: 1, robust: 1 },
  ],
  [
    "a box of three numbers",
    "format_reward",
    answer([{ ...man, bbox: [1, 2, 3] }], []),
    { release: 0, "release-head": 0, v1: 1, paper: 1, robust: 0 },
  ],
  [
    "a relation to an unknown id",
    "format_reward",
    answer(objects, [{ ...near, object: "x.9" }]),
    { release: 0, "release-head": 0, v1: 0, paper: 1, robust: 0 },
  ],
  [
    "words instead of JSON, with the two keywords",
    "format_reward",
    raw("objects and relationships"),
    { release: 0, "release-head": 0, v1: 0, paper: 1, robust: 0 },
  ],
  [
    "a dictionary of something else",
    "format_reward",
    raw('{"a":1}'),
    { release: 0, "release-head": 0, v1: 0, paper: 0.5, robust: 0 },
  ],
  [
    "blanks around two names",
    "node_acc_reward",
    answer([{ ...man, id: "man .1" }, { ...horse, id: " horse.2" }, tree], []),
    { release: 4 / 3, "release-head": 4 / 3, v1: 2 / 3, paper: "-", robust: 4 / 3 },
  ],
  [
    "a blank in front of an id",
    "node_acc_reward",
    answer([man, { ...horse, id: " horse.2" }, tree], []),
    { release: 2, "release-head": 2, v1: 4 / 3, paper: "-", robust: 2 },
  ],
  [
    "NaN for every box of a relation",
    "edge_hard_reward",
    raw(`{"objects":[{"id":"man.1","bbox":[NaN,NaN,NaN,NaN]},{"id":"horse.2","bbox":[NaN,0,0,0]}],
      "relationships":[${JSON.stringify(riding)}]}`),
    { release: 2.5, "release-head": 2.5, v1: "-", paper: "-", robust: 0 },
  ],
  [
    "NaN for the box of another object",
    "node_acc_reward",
    raw(`{"objects":[${[man, horse, tree].map((one) => JSON.stringify(one))},
      {"id":"dog.4","bbox":[0,0,NaN,0]}],"relationships":[]}`),
    { release: 0, "release-head": 0, v1: 0, paper: "-", robust: 2 },
  ],
  [
    "a relation to an unknown id before the right ones",
    "edge_hard_reward",
    answer(objects, [{ ...riding, object: "x.9" }, riding, near]),
    { release: 0, "release-head": 0, v1: "-", paper: "-", robust: 5 },
  ],
  [
    "a relation without a subject behind the right ones",
    "edge_reward",
    answer(objects, [riding, near, { predicate: "on", object: "man.1" }]),
    { release: 0, "release-head": 0, v1: 0, paper: 0, robust: 5 },
  ],
  [
    "two predicates for one pair, the right one last",
    "edge_reward",
    answer(objects, [{ ...riding, predicate: "on" }, riding]),
    { release: 2.5, "release-head": 2.5, v1: 2.5, paper: 0.625, robust: 2.5 },
  ],
];

describe.each(profileNames)("profile %s", (profile) => {
  it.each(differences.filter(([, , , values]) => values[profile] !== "-"))(
    "rewards %s with its own %s",
    (_, reward, completion, values) => {
      expect(rewardBy(profile, reward)(completion)).toBeCloseTo(values[profile] as number, 12);
    },
  );

  const absent = differences.filter(([, , , values]) => values[profile] === "-");
  it.skipIf(absent.length === 0)("does not have the other rewards", () => {
    for (const [, reward] of absent) expect(profiles[profile].rewards).not.toHaveProperty([reward]);
  });
});

describe("names in the ground truth", () => {
  const wall = {
    ...scene,
    objects: [{ id: "wall-other-merged.1", bbox: man.bbox }],
    relationships: [],
  };
  const found = answer([{ id: "wall-other-merged.1", bbox: man.bbox }], []);

  it.each([
    ["release", 0],
    ["release-head", 0],
    ["v1", 0],
    ["robust", 2],
  ] as const)(
    "with a hyphen earn, by profile %s, %d of 2 for the very same name",
    (profile, expected) => {
      expect(rewardBy(profile, "node_acc_reward")(found, wall)).toBe(expected);
    },
  );
});

describe("boxes of the ground truth", () => {
  const image = { ...scene, width: 1000, height: 750, relationships: [] };
  const third = { ...image, objects: [{ id: "man.1", bbox: [0, 0, 333, 333] }] } as const;
  const same = answer([{ id: "man.1", bbox: [0, 0, 33.3, 44.4] }], []);

  it("are cut to whole pixels of an image of 512 by v1 alone", () => {
    expect(rewardBy("release", "node_box_reward")(same, third)).toBeCloseTo(2, 12);
    // 512 by 384: 333 becomes int(170.496) = 170 of 512 and of 384
    const [w, h] = [170 / 512, 170 / 384];
    const iou = (w * h) / (0.333 * 0.444);
    const distance = 0.333 - w + 0.444 - h;
    const expected = (2 * (2 * iou + 5 * Math.exp(-distance))) / 7;
    expect(rewardBy("v1", "node_box_reward")(same, third)).toBeCloseTo(expected, 12);
  });
});

it("takes an id of any kind for the task det, but for release-head", () => {
  const numbered = answer([{ id: 1, bbox: [0, 0, 1, 1] }], []);
  expect(rewardBy("release", "format_reward", "det")(numbered)).toBe(1);
  expect(rewardBy("release-head", "format_reward", "det")(numbered)).toBe(0);
  expect(rewardBy("release-head", "format_reward", "det")(good)).toBe(1);
});

it("matches by GIoU in the released code and by IoU in the paper's text", () => {
  expect(profiles.release.overlap([0, 0, 1, 1], [2, 0, 3, 1])).toBeCloseTo(-1 / 3, 12);
  expect(profiles.paper.overlap([0, 0, 1, 1], [2, 0, 3, 1])).toBe(0);
});
