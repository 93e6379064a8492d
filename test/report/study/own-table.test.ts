import { describe, expect, it } from "vitest";
import type { StudyOf } from "../../../src/recipe/study.ts";
import { gridText } from "../../../src/report/grid/terminal.ts";
import { ownGrid, tableOf } from "../../../src/report/study/own-table.ts";
import type { StudyRun } from "../../../src/report/study/run.ts";
import { studyCsv } from "../../../src/report/study/table-csv.ts";
import { studyTable } from "../../../src/report/study/table-model.ts";
import { metrics, run } from "./runs.ts";

const study: StudyOf<"table"> = {
  ...{ kind: "table", name: "own", title: "Own", compat: "release", notes: [] },
  tolerance: { points: 0.5, share: 0.05 },
  table: {
    labels: ["Method"],
    columns: [
      { id: "failure_rate", head: "Failure %" },
      { id: "ap50", head: "AP50" },
    ],
    rows: [
      { id: "before", labels: ["SFT"] },
      { id: "after", labels: ["SFT+RL"], from: "before" },
    ],
  },
  reads: { failure_rate: "failure_rate", ap50: "ap50" },
  fills: [
    { row: "before", run: "sft.yaml" },
    { row: "after", run: "rl.yaml" },
  ],
};
const measured = (id: string, failure: number, ap50: number, over: Partial<StudyRun> = {}) =>
  run(id, { metrics: metrics(failure, ap50, 0, 0), ...over });
const tableFrom = (runs: Readonly<Record<string, readonly StudyRun[]>>, of = study) =>
  studyTable(of, tableOf(of), new Map(Object.entries(runs)));
const linesOf = (...args: Parameters<typeof tableFrom>): readonly string[] =>
  gridText(ownGrid(tableFrom(...args))).split("\n");

describe("a table of a study's own", () => {
  it("has our figures alone, with the difference to the row that a row starts from", () => {
    const runs = { "sft.yaml": [measured("a", 75, 7)], "rl.yaml": [measured("b", 0.5, 16.25)] };
    expect(linesOf(runs).slice(0, 5)).toEqual([
      "Method      Failure %           AP50",
      "SFT             75.00           7.00",
      "SFT+RL  0.50 (-74.50)  16.25 (+9.25)",
      "Our own table: the paper has no figures for it.",
      "In round brackets with a sign: the difference to the row that a row starts from.",
    ]);
  });

  it("says what runs and what nobody ran, and tells no difference to it", () => {
    const running = run("a", { state: "running" });
    const text = linesOf({ "sft.yaml": [running], "rl.yaml": [measured("b", 0.5, 16)] });
    expect(text[1]).toMatch(/^SFT +running +running$/);
    expect(text[2]).toMatch(/^SFT\+RL +0\.50 +16\.00$/);
    expect(linesOf({})[2]).toMatch(/^SFT\+RL +not run +not run$/);
  });

  it("gives several seeds their mean, half their interval and their number", () => {
    const seeds = (all: readonly number[]) =>
      all.map((ap50, seed) => measured(`${ap50}`, 0, ap50, { seed }));
    const text = linesOf({ "sft.yaml": seeds([8, 10, 12]), "rl.yaml": seeds([18, 20, 22]) });
    expect(text[1]).toContain("10.00 ± 4.97 (3)");
    expect(text[2]).toContain("20.00 ± 4.97 (3) (+10.00)");
    expect(text.join("\n")).toContain("half the 95 % interval of the mean");
  });

  it("compares variants and stacks with their own like, each on its line", () => {
    const facts = { ...run("x").facts, stack: "old" };
    const runs = {
      "sft.yaml": [measured("a", 0, 1), measured("b", 0, 2, { facts })],
      "rl.yaml": [measured("c", 0, 11), measured("d", 0, 22, { facts })],
      "other.yaml": [measured("e", 0, 5)],
    };
    const more = { row: "after", run: "other.yaml", variant: "shuffled rewards" };
    const text = linesOf(runs, { ...study, fills: [...study.fills, more] });
    expect(text[3]).toMatch(/^SFT\+RL +\[A\] .* 11\.00 \(\+10\.00\)$/);
    expect(text[4]).toMatch(/^SFT\+RL +\[B\] .* 22\.00 \(\+20\.00\)$/);
    expect(text[5]).toMatch(/^SFT\+RL +shuffled rewards \[A\] .* 5\.00 \(\+4\.00\)$/);
  });

  it("is needed where the paper has no such table", () => {
    const { table: _, ...rest } = study;
    expect(() => tableOf({ ...rest, paper: "table9" })).toThrow(
      'Cannot use study "own": paper: no table "table9", expected one of v1-table2, v1-table3',
    );
  });

  it("leaves the paper's places in a CSV empty", () => {
    const csv = studyCsv(tableFrom({ "sft.yaml": [measured("a", 75, 7)] })).split("\r\n");
    expect(csv[1]).toMatch(/^own,before,SFT,,".*",failure_rate,,75,,,1,,unprinted,a$/);
  });

  it("counts in a column only the images whose answer in another row can be read", () => {
    const image = (image_id: string, answer: "read" | "failed", at20: number) => {
      const recall = { "20": at20, "50": at20, "100": at20 };
      return { image_id, answer, relationships: 2, recall, zero_shot_recall: null };
    };
    const of = {
      ...study,
      table: {
        ...study.table!,
        columns: [{ id: "r20", head: "R@20 where SFT is valid", where_valid: "before" }],
      },
      reads: { r20: "recall.20" },
    };
    const before = measured("a", 50, 0, {
      images: [image("x", "read", 30), image("y", "failed", 0), image("z", "read", 10)],
    });
    const after = measured("b", 0, 0, {
      images: [image("x", "read", 50), image("y", "read", 100), image("z", "failed", 0)],
    });
    const cells = (runs: Parameters<typeof tableFrom>[0]) =>
      linesOf(runs, of)
        .slice(1, 3)
        .map((text) => text.replace(/^SFT(\+RL)? +/, ""));
    expect(cells({ "sft.yaml": [before], "rl.yaml": [after] })).toEqual(["20.00", "25.00 (+5.00)"]);
    const other = { ...after, seed: 7 };
    expect(cells({ "sft.yaml": [before], "rl.yaml": [other] })).toEqual(["20.00", "failed"]);
  });
});
