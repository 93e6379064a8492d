import { describe, expect, it } from "vitest";
import type { StudyOf } from "../../../src/recipe/study.ts";
import { paperTable } from "../../../src/report/paper/tables.ts";
import { readFigure, type StudyRun } from "../../../src/report/study/run.ts";
import { metricsFor, type StudyCell, studyTable } from "../../../src/report/study/table-model.ts";
import { judge } from "../../../src/report/study/verdict.ts";
import { metrics, run, stack } from "./runs.ts";

const study = (over: Partial<StudyOf<"table">> = {}): StudyOf<"table"> => ({
  kind: "table",
  name: "table4",
  title: "Rewards",
  paper: "table4",
  compat: "release",
  seeds: [42],
  notes: [],
  tolerance: { points: 0.5, share: 0.05 },
  reads: {
    failure_rate: "failure_rate",
    ap50: "ap50",
    recall: "recall.20",
    mean_recall: "mean_recall.20",
  },
  fills: [
    { row: "hard", run: "hard.yaml" },
    { row: "relax", run: "relax.yaml" },
    { row: "soft", not_run: "because" },
  ],
  ...over,
});

const cellsOf = (runs: Record<string, readonly StudyRun[]>, over?: Partial<StudyOf<"table">>) => {
  const table = studyTable(study(over), paperTable("table4"), new Map(Object.entries(runs)));
  const of = (id: string) => table.rows.find(({ row }) => row.id === id)!.lines;
  return { table, of };
};
const verdicts = (cells: readonly StudyCell[]) => cells.map(({ verdict }) => verdict);

describe("studyTable", () => {
  it("fills the right cells and says of the others what became of them", () => {
    const done = run("hard-1", { metrics: metrics(0.1, 19, 20.4, 11.43) });
    const { table, of } = cellsOf({ "hard.yaml": [done] });
    expect(
      of("hard")[0]!.cells.map(({ paper, measured }) => [
        paper,
        measured?.mean,
        measured?.difference,
      ]),
    ).toEqual([
      [0.08, 0.1, 0.02],
      [19.47, 19, -0.47],
      [23.75, 20.4, -3.35],
      [11.43, 11.43, 0],
    ]);
    expect(verdicts(of("hard")[0]!.cells)).toEqual([
      "reproduced",
      "reproduced",
      "differs",
      "reproduced",
    ]);
    expect(verdicts(of("relax")[0]!.cells)).toEqual(Array(4).fill("not run"));
    expect(verdicts(of("soft")[0]!.cells)).toEqual(Array(4).fill("cited"));
    expect(of("soft")[0]!.cells[0]!.reason).toBe("because");
    expect(table.stacks).toEqual([stack]);
    expect(table.runs).toEqual([done]);
  });

  it("says what runs, what failed, and what has no such figure", () => {
    const state = (...runs: StudyRun[]) =>
      verdicts(cellsOf({ "hard.yaml": runs }).of("hard")[0]!.cells);
    expect(state(run("a", { state: "queued" }))).toEqual(Array(4).fill("running"));
    expect(state(run("a", { state: "failed" }), run("b", { state: "running" }))[0]).toBe("running");
    expect(state(run("a", { state: "failed" }))[0]).toBe("failed");
    const partial = run("a", { metrics: { ...metrics(1, 2, 3, 4), ap50: null } });
    expect(state(partial)).toEqual(["differs", "failed", "differs", "differs"]);
  });

  it("takes the mean of seeds, and of two runs of one seed the later", () => {
    const seeds = [18, 20, 22].map((ap50, i) =>
      run(`seed-${i}`, { seed: i, metrics: metrics(0, ap50, 0, 0) }),
    );
    const again = run("again", { seed: 0, metrics: metrics(0, 19, 0, 0) });
    const { of } = cellsOf({ "hard.yaml": [...seeds, again] });
    const { measured, runs } = of("hard")[0]!.cells[1]!;
    expect(measured!.count).toBe(3);
    expect(measured!.mean).toBeCloseTo((19 + 20 + 22) / 3, 12);
    expect(runs).toEqual(["again", "seed-1", "seed-2"]);
  });

  it("never puts numbers of two stacks on one line", () => {
    const other = run("b", {
      metrics: metrics(0, 10, 0, 0),
      facts: { ...run("b").facts, stack: "old" },
    });
    const { table, of } = cellsOf({
      "hard.yaml": [run("a", { metrics: metrics(0, 20, 0, 0) }), other],
    });
    expect(of("hard").map((line) => [line.stack, line.cells[1]!.measured!.mean])).toEqual([
      [stack, 20],
      ["old", 10],
    ]);
    expect(table.stacks).toEqual([stack, "old"]);
  });

  it("leaves what one stack has not run to the other", () => {
    const table3 = study({
      paper: "table3",
      fills: [
        { row: "baseline-closed", part: "vg150", run: "vg.yaml" },
        { row: "baseline-closed", part: "psg", run: "psg.yaml" },
      ],
    });
    const old = { ...run("b").facts, stack: "old" };
    const runs = new Map([
      ["vg.yaml", [run("a", { metrics: metrics(54, 6, 0.7, 0.8) })]],
      ["psg.yaml", [run("b", { metrics: metrics(38, 13, 3, 4), facts: old })]],
    ]);
    const [row] = studyTable(table3, paperTable("table3"), runs).rows;
    expect(row!.lines.map((line) => line.cells.map(({ measured }) => measured?.mean))).toEqual([
      [54, 6, 0.7, 0.8, undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined, 38, 13, 3, 4],
    ]);
    expect(verdicts(row!.lines[0]!.cells)[4]).toBe("not run");
  });

  it("gives each variant its line, and a run of a checkpoint none", () => {
    const fills = [
      { row: "hard", variant: "3e-7", run: "a.yaml" },
      { row: "hard", variant: "1e-6", run: "b.yaml" },
    ];
    const runs = {
      "a.yaml": [run("a", { metrics: metrics(0, 1, 0, 0) })],
      "b.yaml": [run("b", { checkpoint: 100, metrics: metrics(0, 2, 0, 0) })],
    };
    const lines = cellsOf(runs, { fills }).of("hard");
    expect(lines.map(({ variant, cells }) => [variant, cells[1]!.verdict])).toEqual([
      ["3e-7", "differs"],
      ["1e-6", "not run"],
    ]);
  });

  it("reads a setting's accuracy for the row of its name", () => {
    const vqa = study({
      paper: "v1-table2",
      reads: { acc: "settings.{row}.acc", macc: "settings.{row}.macc" },
      fills: [{ part: "qwen2-vl-7b", run: "vqa.yaml" }],
    });
    const settings = [
      { setting: "original", acc: 53.74, macc: 53 },
      { setting: "no-boxes+mask-image", acc: 0.5, macc: 0.25 },
    ];
    const table = studyTable(
      vqa,
      paperTable("v1-table2"),
      new Map([["vqa.yaml", [run("q", { metrics: { settings } })]]]),
    );
    const qwen = (id: string) =>
      table.rows
        .find(({ row }) => row.id === id)!
        .lines[0]!.cells.slice(6)
        .map(({ measured }) => measured?.mean);
    expect(qwen("original")).toEqual([53.74, 53]);
    expect(qwen("no-boxes+mask-image")).toEqual([0.5, 0.25]);
    expect(qwen("mask-image")).toEqual([undefined, undefined]);
  });
});

describe("judge", () => {
  const tolerance = { points: 0.5, share: 0.05 };
  it.each([
    [20, 21, "reproduced"], // 5 % of 20 is 1
    [20, 21.01, "differs"],
    [0.08, 0.58, "reproduced"],
    [0.08, 0.59, "differs"],
    [4, 3.5, "reproduced"],
    [4, 3.49, "differs"],
  ] as const)("of %s in the paper and %s of ours: %s", (paper, ours, verdict) => {
    expect(judge([ours], paper, tolerance).verdict).toBe(verdict);
  });

  it("adds half the interval of several seeds", () => {
    // mean 23, half the interval 4.303 / √3 = 2.48, so 3.48 points are allowed
    expect(judge([22, 23, 24], 20, tolerance).verdict).toBe("reproduced");
    expect(judge([23, 23, 23], 20, tolerance).verdict).toBe("differs");
  });

  it("judges nothing where the paper prints nothing", () => {
    expect(judge([1], null, tolerance)).toMatchObject({ difference: null, verdict: "unprinted" });
  });
});

describe("readFigure", () => {
  it.each([
    ["recall.20", 3],
    ["recall.21", null],
    ["per_predicate.on.recall.20", 7],
    ["per_predicate.under.recall.20", null],
    ["failure_rate", 0],
    ["name", null],
    ["toString", null],
    ["recall", null],
  ])("finds at %s: %s", (path, value) => {
    const per_predicate = [{ predicate: "on", recall: { "20": 7 } }];
    expect(
      readFigure({ failure_rate: 0, recall: { "20": 3 }, per_predicate, name: "x" }, path),
    ).toBe(value);
  });
});

describe("metricsFor", () => {
  it("takes the evaluation that is asked for, out of one or of several", () => {
    const release = metrics(1, 2, 3, 4);
    expect(metricsFor(release, "release")).toBe(release);
    expect(metricsFor(release, "strict")).toBeNull();
    expect(metricsFor({ release, strict: {} }, "release")).toBe(release);
    expect(metricsFor(null, "release")).toBeNull();
  });
});
