import { expect, it } from "vitest";
import { loadStudy } from "../../../src/recipe/load-study.ts";
import { comparisons } from "../../../src/report/study/compared.ts";
import type { StudyRun } from "../../../src/report/study/run.ts";
import { shipped } from "../../../src/root.ts";
import { run } from "./runs.ts";

const recipe = (name: string): string => shipped(`recipes/paper/eval/${name}.yaml`);
const rowsOf = (name: string) => ({ source: name, name, classes: name });
const on = (data: string, id: string, over: Partial<StudyRun> = {}) =>
  run(id, { tested: rowsOf(data), ...over });

it("sets side by side the last runs that are done, by the rows that they were asked about", async () => {
  const study = await loadStudy(shipped("recipes/studies/table3.yaml"));
  const found = comparisons(
    [study],
    new Map([
      [
        recipe("baseline-7b-closed-on-vg150"),
        [on("vg150", "old"), on("vg150", "new"), on("vg150", "later", { state: "running" })],
      ],
      [recipe("sft-7b-psg-open-on-vg150"), [on("vg150", "cross")]],
      [recipe("sft-7b-psg-open-on-psg"), [on("psg", "same"), on("psg", "step", { checkpoint: 9 })]],
      [recipe("r1-sgg-7b-psg-open-on-psg"), [run("without rows")]],
    ]),
  );
  const names = found.map(({ title, classes, runs }) => ({
    ...{ title, classes },
    runs: runs.map((one) => [one.run.id, one.name]),
  }));
  expect(names).toEqual([
    {
      ...{ title: "vg150", classes: "vg150" },
      runs: [
        ["new", "baseline, with classes in the prompt"],
        ["cross", "SFT, PSG, without classes in the prompt"],
      ],
    },
    {
      ...{ title: "psg", classes: "psg" },
      runs: [["same", "SFT, PSG, without classes in the prompt"]],
    },
  ]);
});

it("names the series of figures, and leaves out what asks no model for graphs", async () => {
  const figure = await loadStudy(shipped("recipes/studies/figure2.yaml"));
  const path = shipped("recipes/paper/eval/v1-zero-rl-7b-open-on-vg150.yaml");
  const [one] = comparisons([figure], new Map([[path, [on("vg150", "x")]]]));
  expect(one?.runs.map(({ name }) => name)).toEqual(["RL, 7B: zero-RL, no classes"]);
  expect(comparisons([figure], new Map([[path, [on("vg150", "x", { stage: "vqa" })]]]))).toEqual(
    [],
  );
});

it("shows one seed for all rows where they have it, and says which", async () => {
  const study = await loadStudy(shipped("recipes/studies/table3.yaml"));
  const seeds = (id: string, ...all: readonly number[]) =>
    all.map((seed) => on("vg150", `${id} ${seed}`, { seed }));
  const shown = (...rows: readonly (readonly StudyRun[])[]) => {
    const names = ["baseline-7b-closed-on-vg150", "sft-7b-psg-open-on-vg150"].map(recipe);
    const [one] = comparisons([study], new Map(rows.map((row, i) => [names[i]!, row])));
    return { runs: one!.runs.map(({ run: { id } }) => id), notes: one!.notes };
  };
  expect(shown(seeds("a", 0, 1, 2), seeds("b", 1, 0))).toEqual({
    runs: ["a 0", "b 0"],
    notes: ["Answers are those of seed 0."],
  });
  expect(shown(seeds("a", 3, 4), seeds("b", 7))).toEqual({
    runs: ["a 3", "b 7"],
    notes: [
      "Answers are those of seed 3.",
      "Those of SFT, PSG, without classes in the prompt are of seed 7.",
    ],
  });
  expect(shown(seeds("a", 42), seeds("b", 7)).notes).toEqual([]);
});
