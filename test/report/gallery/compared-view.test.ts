import { describe, expect, it } from "vitest";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { datasetClasses } from "../../../src/core/metrics/scene.ts";
import { comparedView } from "../../../src/report/gallery/compared-view.ts";
import { summaryOf } from "../../../src/report/gallery/summary.ts";
import { hostileImage } from "./fixture.ts";

const { target, answers } = hostileImage;
const protocol = strictProtocol(datasetClasses([target]));
const viewOf = (answer: number) =>
  comparedView({ target, prediction: answers[answer]!.prediction }, protocol);
const [broken, odd, good, absent] = [0, 1, 2, 3];

describe("comparedView", () => {
  it("marks right boxes and relations, and lists what is missing with the reason", () => {
    const { view, missing, found, recall } = viewOf(good);
    expect(view?.objects.map(({ id, isRight }) => [id, isRight])).toEqual([
      ["cat.1", true],
      ["hat.2", true],
      ["dog.3", false], // beside the true one
    ]);
    expect(view?.relations.map(({ hit, why }) => [hit, why])).toEqual([
      [true, "place 1: finds 1 of the truth"],
      [false, "place 2: finds nothing"],
    ]);
    expect(missing.objects.map(({ id, isFound }) => [id, isFound])).toEqual([
      ["cat.1", true], // an end of what is missing
      ["dog.3", false],
    ]);
    expect(missing.relations).toMatchObject([
      { text: ["dog.3", "near", "cat.1"], subject: 2, object: 0, reason: "box" },
    ]);
    expect(missing.relations[0]?.why).toMatch(/^box: dog\.3 overlaps dog\.3 by 0\.00/);
    expect({ found, recall }).toEqual({ found: { hits: 1, of: 2 }, recall: 50 });
  });

  it("finds each true object once, by the box that overlaps it most", () => {
    const [cat] = target.objects;
    const twice = { objects: [cat!, { ...cat!, id: "cat.7" }], relationships: [] };
    const { view } = comparedView({ target, prediction: { ok: true, graph: twice } }, protocol);
    expect(view?.objects.map(({ isRight }) => isRight)).toEqual([true, false]);
  });

  it.each([
    [[10, 10, 60, 35], true], // half of the cat
    [[10, 10, 60, 34], false],
  ] as const)("a box of %j is a true one: %s", (bbox, isRight) => {
    const graph = { objects: [{ id: "cat.1", bbox }], relationships: [] };
    const { view, missing } = comparedView({ target, prediction: { ok: true, graph } }, protocol);
    expect(view?.objects[0]?.isRight).toBe(isRight);
    expect(missing.objects.find(({ id }) => id === "cat.1")?.isFound).toBe(isRight);
  });

  it.each([broken, absent])("has no graph and everything missing for answer %i", (answer) => {
    const { view, failure, missing, recall } = viewOf(answer);
    expect(view).toBeNull();
    expect(failure).not.toBeNull();
    expect(missing.relations).toHaveLength(2);
    expect(missing.objects).toHaveLength(3);
    expect(recall).toBe(0);
  });

  it("stands what a model may say: boxes of NaN, ends that are nothing", () => {
    const { view } = viewOf(odd);
    expect(view?.objects.map(({ isRight }) => isRight)).toEqual([false, false, true]);
    expect(view?.relations.map(({ hit }) => hit)).toEqual([false, false]);
  });

  it("agrees with the summary by which images are chosen", () => {
    const predictions = answers.map(({ prediction }) => prediction);
    expect(summaryOf(target, predictions, protocol)).toEqual({
      recalls: answers.map((_, i) => viewOf(i).recall),
      failed: [true, false, false, true],
      predicates: ["wears", "near"],
    });
  });
});
