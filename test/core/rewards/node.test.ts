import { describe, expect, it } from "vitest";
import { answer, rewardBy, scene } from "./scenes.ts";

const { objects } = scene;
const [man, horse, tree] = objects;
const person = { id: "person.1", bbox: man.bbox };
/** The man's box, its lower half cut off: IoU 1/2, L1 1/4. */
const half = { id: "man.1", bbox: [0, 0, 40, 25] } as const;

describe("node_acc_reward", () => {
  const reward = rewardBy("release", "node_acc_reward");

  it.each([
    ["all of them", objects, 2],
    [
      "all of them, in another order and numbered otherwise",
      [tree, { ...man, id: "MAN.9" }, horse],
      2,
    ],
    ["one of three", [man], 2 / 3],
    ["one that is half right", [person, horse, tree], (2 * 2.5) / 3],
    ["none", [], 0],
    ["too many", [...objects, ...objects, ...objects], 2],
    ["a man far off, who stands for the tree", [{ ...man, bbox: [90, 90, 95, 95] }], 0],
  ])("is weight times the mean similarity over the targets for %s", (_, found, expected) => {
    expect(reward(answer(found, []))).toBeCloseTo(expected, 12);
  });

  it("can be negative, as similarities can", () => {
    const target = { ...scene, objects: [{ id: "somebody.1", bbox: man.bbox }] };
    expect(reward(answer([{ id: "nobody.1", bbox: man.bbox }], []), target)).toBe(-1);
  });

  it("is 0 when a box is no number, since nothing is matched then", () => {
    expect(reward(answer([man, horse, { ...tree, bbox: [60, 0, 100, 1] }], []))).toBe(2);
    const broken = '{"objects":[{"id":"man.1","bbox":[0,0,40,NaN]}],"relationships":[]}';
    expect(reward(broken)).toBe(0);
  });

  it("does not ask for relations, and is 0 for the task cls", () => {
    expect(reward(JSON.stringify({ objects }))).toBe(2);
    expect(rewardBy("release", "node_acc_reward", "cls")(answer(objects, []))).toBe(0);
    expect(rewardBy("release", "node_acc_reward", "det")(answer(objects, []))).toBe(2);
  });
});

describe("node_box_reward", () => {
  const reward = rewardBy("release", "node_box_reward");

  it("is 2/7 of IoU and 5/7 of exp(-L1), times the weight", () => {
    expect(reward(answer(objects, []))).toBe(2);
    const expected = (2 * (2 * 0.5 + 5 * Math.exp(-0.25))) / 7;
    expect(reward(answer([half], []))).toBeCloseTo(expected / 3, 12);
  });
});

describe("node_reward of the paper", () => {
  const reward = rewardBy("paper", "node_reward");

  it("adds similarity, twice IoU and five times exp(-L1)", () => {
    expect(reward(answer(objects, []))).toBe(8);
    expect(reward(answer([{ ...half, id: "person.1" }], []))).toBeCloseTo(
      (0.5 + 2 * 0.5 + 5 * Math.exp(-0.25)) / 3,
      12,
    );
  });
});
