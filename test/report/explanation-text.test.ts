import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainCompletion } from "../../src/core/explain/explain.ts";
import { profileNames } from "../../src/core/rewards/profiles.ts";
import { tasks } from "../../src/core/rewards/reward.ts";
import { columnsOf } from "../../src/report/columns.ts";
import { explanationText } from "../../src/report/explanation-text.ts";
import { answer, scene, similarity } from "../core/rewards/scenes.ts";
import { answeredTarget } from "../helpers/arbitraries.ts";

const { objects, relationships } = scene;
const [man, horse, tree] = objects;
const options = { boxScale: [100, 100], similarity } as const;

describe("explanationText", () => {
  it("tells everything of an answer that is half right", async () => {
    const found = [
      { ...man, id: "person.1" },
      { ...horse, bbox: [0, 60, 50, 100] },
      { id: "dog.4", bbox: [90, 90, 100, 100] },
      { id: "cat.5", bbox: [0, 90, 10, 100] },
    ];
    const relations = [
      { subject: "person.1", predicate: "on", object: "horse.2" },
      { subject: "cat.5", predicate: "near", object: "dog.4" },
    ];
    const told = explainCompletion(answer(found, relations), scene, options);
    await expect(explanationText(told)).toMatchFileSnapshot("golden/explanation.txt");
  });

  it("tells of an answer that is broken, and shows its control characters", async () => {
    const broken = '<answer>{"objects": [1 2, "\u001b[31m"]}</answer>';
    const told = explainCompletion(broken, scene, { ...options, profile: "robust" });
    await expect(explanationText(told)).toMatchFileSnapshot("golden/explanation-broken.txt");
  });

  it("tells which relation ended a reward, and what became of the others", async () => {
    const stray = { ...relationships[1], object: "x.9" };
    const found = [...objects, { ...tree, id: "tree.4" }];
    const told = explainCompletion(answer(found, [stray, relationships[0]]), scene, options);
    await expect(explanationText(told)).toMatchFileSnapshot("golden/explanation-ended.txt");
  });

  it("is never wider than 100 columns", () => {
    fc.assert(
      fc.property(
        answeredTarget(),
        fc.constantFrom(...profileNames),
        fc.constantFrom(...tasks),
        ({ completion, target }, profile, task) => {
          const told = explainCompletion(completion, target, { profile, task, similarity });
          const text = explanationText(told);
          expect(Math.max(...text.split("\n").map(columnsOf))).toBeLessThanOrEqual(100);
          expect(text).not.toMatch(/undefined|\[object/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
