import { describe, expect, it } from "vitest";
import type { StudyOf } from "../../../src/recipe/study.ts";
import { curvesFigure } from "../../../src/report/study/curves-model.ts";
import { curvesSpec } from "../../../src/report/study/curves-spec.ts";
import { curvesGrid, predicatesGrid } from "../../../src/report/study/figure-grid.ts";
import { predicatesFigure } from "../../../src/report/study/predicates-model.ts";
import { predicatesSpec } from "../../../src/report/study/predicates-spec.ts";
import { vegaSvg } from "../../../src/report/vega-svg.ts";
import { metrics, run } from "./runs.ts";

const shared = {
  name: "f",
  title: "F",
  paper: "Figure 2",
  compat: "release",
  seeds: [42],
  notes: [],
} as const;
const curves: StudyOf<"curves"> = {
  ...{ ...shared, kind: "curves", every: 100, seeds: [42], notes: [] },
  metrics: [
    { head: "Failure rate, %", reads: "failure_rate" },
    { head: "R@50, %", reads: "recall.50" },
  ],
  rows: [
    {
      title: "2B",
      series: [
        { name: "zero", run: "zero.yaml" },
        { name: "one", run: "one.yaml" },
      ],
      lines: [{ name: "SFT", run: "sft.yaml" }],
    },
  ],
};
const at = (step: number | null, recall: number, over = {}) =>
  run(`${step}-${recall}`, {
    checkpoint: step,
    steps: 250,
    metrics: metrics(50, 1, recall, 2),
    ...over,
  });

describe("curvesFigure", () => {
  it("sets the evaluations of each kept model over its step, the last at the end of training", () => {
    const runs = new Map([["zero.yaml", [at(null, 9), at(200, 8), at(100, 3)]]]);
    const [row] = curvesFigure(curves, runs).rows;
    expect(row!.map(({ title, unit }) => `${title} ${unit}`)).toEqual([
      "2B Failure rate, %",
      "2B R@50, %",
    ]);
    expect(row![1]!.points).toEqual([
      { step: 100, value: 3, series: "zero" },
      { step: 200, value: 8, series: "zero" },
      { step: 250, value: 9, series: "zero" },
    ]);
    expect(row![1]!.names).toEqual(["zero", "one (not run)"]);
    expect(row![1]!.missing).toEqual(["one: not run", "SFT: not run"]);
    const begun = new Map([...runs, ["one.yaml", [run("trainer", { state: "running" })]]]);
    const [later] = curvesFigure(curves, begun).rows;
    expect(later![1]!.names).toEqual(["zero", "one (running)"]);
    expect(later![1]!.missing).toEqual(["one: running", "SFT: not run"]);
  });

  it("begins a line at step 0 with the model that the training starts from", () => {
    const [row] = curves.rows;
    const series = [{ name: "zero", run: "zero.yaml", start: "base.yaml" }];
    const runs = new Map([
      ["base.yaml", [at(null, 1), at(100, 70)]],
      ["zero.yaml", [at(null, 9)]],
    ]);
    const points = (of: typeof runs) =>
      curvesFigure({ ...curves, rows: [{ ...row!, series }] }, of).rows[0]![1]!.points;
    expect(points(runs).map(({ step, value }) => [step, value])).toEqual([
      [0, 1],
      [250, 9],
    ]);
    runs.delete("zero.yaml");
    expect(points(runs)).toEqual([]); // one point is no line of a training that nobody ran
  });

  it("takes the mean of seeds, of one seed the last run, and of a line the last model", () => {
    const runs = new Map([
      ["zero.yaml", [at(100, 1), at(100, 3), at(100, 5, { seed: 1 })]],
      ["sft.yaml", [at(100, 90), at(null, 6), at(null, 8, { seed: 1 })]],
    ]);
    const [panel] = curvesFigure(curves, runs).rows[0]!.slice(1);
    // 3 and 5: the mean 4, its interval 4 ± 12.706
    const spread = { seeds: 2, low: expect.closeTo(-8.706, 3), high: expect.closeTo(16.706, 3) };
    expect(panel!.points).toEqual([{ step: 100, value: 4, series: "zero", spread }]);
    const figure = curvesFigure(curves, runs);
    expect(curvesGrid(figure).rows[0]!.cells[1]).toBe("4.00 ± 12.71 (2)");
    expect(curvesGrid(figure).notes.join()).toContain("half the 95 % interval");
    expect(JSON.stringify(curvesSpec(figure))).toContain('"low":0,"high":16.70'); // a percentage
    expect(panel!.levels).toEqual([{ name: "SFT", value: 7 }]);
  });

  it("keeps stacks apart, and leaves out what is not done", () => {
    const old = { facts: { ...run("x").facts, stack: "old" } };
    const runs = new Map([
      ["zero.yaml", [at(100, 1), at(100, 2, old), at(200, 3, { state: "running" })]],
    ]);
    const figure = curvesFigure(curves, runs);
    expect(figure.rows[0]![1]!.names).toEqual(["zero [A]", "zero [B]", "one (not run)"]);
    expect(figure.stacks).toHaveLength(2);
    expect(curvesGrid(figure).rows.map(({ labels, cells }) => [...labels, ...cells])).toEqual([
      ["2B", "zero [A]", "1", "50.00", "1.00"],
      ["2B", "zero [B]", "1", "50.00", "2.00"],
      ["2B", "one (not run)", "0", "–", "–"],
    ]);
  });

  it("is drawn with its points, its level line and who was not run", async () => {
    const runs = new Map([
      ["zero.yaml", [at(100, 3), at(200, 8)]],
      ["sft.yaml", [at(null, 6)]],
    ]);
    const svg = await vegaSvg(curvesSpec(curvesFigure(curves, runs)));
    for (const text of ["2B: Failure rate", "2B: R@50", "one (not run)", "SFT", "optimiser step"])
      expect(svg).toContain(text);
    const empty = await vegaSvg(curvesSpec(curvesFigure(curves, new Map())));
    expect(empty).toContain("zero: not run");
  });

  it("is no wider than three panels, however long its legend's names", async () => {
    const widthOf = async (name: (i: number) => string) => {
      const series = Array.from({ length: 4 }, (_, i) => ({ name: name(i), run: `${i}.yaml` }));
      const runs = new Map(series.map(({ run: path }, i) => [path, [at(100, i), at(200, i)]]));
      const rows = [{ ...curves.rows[0]!, series, lines: [] }];
      const three = [...curves.metrics, curves.metrics[0]!];
      const figure = curvesFigure({ ...curves, metrics: three, rows }, runs);
      return Number(/width="(\d+)"/.exec(await vegaSvg(curvesSpec(figure)))?.[1]);
    };
    for (const length of [1, 10, 25, 40, 80])
      expect(await widthOf((i) => `${i}`.padEnd(length, "x"))).toBeLessThan(900);
  });
});

describe("predicatesFigure", () => {
  const study: StudyOf<"predicates"> = {
    ...{ ...shared, kind: "predicates", at: "20", seeds: [42], notes: [] },
    panels: [
      {
        title: "VG150",
        head: 2,
        tail: 1,
        series: [
          { name: "SFT", run: "sft.yaml" },
          { name: "RL", run: "rl.yaml" },
        ],
      },
    ],
  };
  const per = (recalls: Record<string, [number, number]>) => ({
    compat: "release",
    per_predicate: Object.entries(recalls).map(([predicate, [relationships, recall]]) => ({
      ...{ predicate, relationships, recall: { "20": recall } },
    })),
  });
  const done = run("a", {
    metrics: per({ under: [5, 10], on: [90, 40], by: [0, 0], in: [7, 20], of: [1, 5] }),
  });

  it("orders predicates by how often the truth has them, and leaves out those that it has not", () => {
    const figure = predicatesFigure(study, new Map([["sft.yaml", [done]]]));
    expect(
      figure.panels.map(({ bars }) =>
        bars.map(({ predicate, recall }) => `${predicate} ${recall}`),
      ),
    ).toEqual([["on 40", "in 20"], ["under 10"]]);
    expect(figure.panels[0]!.names).toEqual(["SFT", "RL (not run)"]);
    expect(predicatesGrid(figure).rows.map(({ cells }) => cells[0])).toEqual([
      "30.00",
      "–",
      "10.00",
      "–",
    ]);
  });

  it("takes the mean of seeds", () => {
    const other = run("b", { seed: 1, metrics: per({ on: [90, 60], in: [7, 0] }) });
    const [head] = predicatesFigure(study, new Map([["sft.yaml", [done, other]]])).panels;
    expect(head!.bars.map(({ recall }) => recall)).toEqual([50, 10]);
  });

  it("is drawn, also when nothing was run", async () => {
    const svg = await vegaSvg(
      predicatesSpec(predicatesFigure(study, new Map([["sft.yaml", [done]]]))),
    );
    for (const text of ["VG150: the 2 most frequent predicates", "RL (not run)", "R@20, %"])
      expect(svg).toContain(text);
    const empty = await vegaSvg(predicatesSpec(predicatesFigure(study, new Map())));
    expect(empty).toContain("SFT: not run");
  });
});
