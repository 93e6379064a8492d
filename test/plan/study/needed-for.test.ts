import { expect, test } from "vitest";
import type { StudyNode } from "../../../src/plan/study/graph.ts";
import { neededFor } from "../../../src/plan/study/needed-for.ts";

const node = (name: string, after: string | null): StudyNode =>
  ({ hash: `#${name}`, run: { recipe: { name } }, after, step: null }) as unknown as StudyNode;
const nodes = [
  node("sft", null),
  node("grpo", "#sft"),
  node("infer", "#grpo"),
  node("infer-sft", "#sft"),
  node("baseline", null),
];
const names = (wanted: readonly string[]) =>
  neededFor(nodes, wanted).map(({ run }) => run.recipe.name);

test("a run comes with all that it starts from, in the order of the study", () => {
  expect(names(["infer"])).toEqual(["sft", "grpo", "infer"]);
  expect(names(["baseline", "infer-sft"])).toEqual(["sft", "infer-sft", "baseline"]);
});

test("a name that no recipe has is told with those there are", () => {
  expect(() => names(["eval"])).toThrow(
    'Cannot launch only "eval": no such recipe in the study, expected one of sft, grpo, infer, infer-sft, baseline',
  );
});
