import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/core/metrics/evaluate.ts";
import { datasetClasses } from "../../src/core/metrics/scene.ts";
import { toView } from "../../src/report/scene-view.ts";
import { image } from "./report-fixture.ts";

const { target, answers } = image;
const graphOf = (method: string) => {
  const answer = answers.find((one) => one.method === method)!.prediction;
  if (!answer?.ok) throw new TypeError(`"${method}" has no graph`);
  return answer.graph;
};

describe("toView", () => {
  it("marks the relations that the evaluation counts, and counts the truth they find", () => {
    const view = toView(graphOf("SFT+RL"), target, target);
    expect(view.relations.map(({ hit }) => hit)).toEqual([true, false]);
    expect(view.found).toEqual({ hits: 1, of: 2 });
    const prediction = { ok: true, graph: graphOf("SFT+RL") } as const;
    expect(evaluate([{ target, prediction }], datasetClasses([target])).recall["100"]).toBe(50);
  });

  it("counts no second predicate of a pair, as the evaluation does not", () => {
    const graph = graphOf("SFT+RL");
    const first = { subject: "cat.1", predicate: "near", object: "hat.2" };
    const said = { ...graph, relationships: [first, ...graph.relationships] };
    const view = toView(said, target, target);
    expect(view.relations.map(({ hit }) => hit)).toEqual([false, false, false]);
    expect(view.found?.hits).toBe(0);
  });

  it("marks nothing in the truth itself", () => {
    const view = toView(target, target);
    expect(view.found).toBeUndefined();
    expect(view.relations[0]).toEqual({
      text: ["cat.1", "wears", "hat.2"],
      subject: 0,
      object: 1,
      hit: undefined,
    });
  });

  it("sorts and clips what a model says, and leaves a box of NaN out", () => {
    const [odd, cat] = toView(graphOf("SFT"), target, target).objects;
    expect(odd?.box).toBeUndefined();
    expect(cat?.box).toEqual([0, 10, 200, 60]);
  });

  it("knows no end that is no object", () => {
    expect(toView(graphOf("SFT"), target, target).relations[1]).toMatchObject({
      subject: 1,
      object: undefined,
      hit: false,
    });
  });

  it("means the first of several objects with one id", () => {
    const [first, ...rest] = target.objects;
    const twice = {
      ...target,
      objects: [first!, { ...first!, bbox: [0, 0, 5, 5] as const }, ...rest],
    };
    expect(toView(twice, target).relations[0]).toMatchObject({ subject: 0, object: 2 });
  });
});
