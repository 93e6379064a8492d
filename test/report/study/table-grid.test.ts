import { describe, expect, it } from "vitest";
import type { StudyOf } from "../../../src/recipe/study.ts";
import { gridMarkdown } from "../../../src/report/grid/markdown.ts";
import { gridText } from "../../../src/report/grid/terminal.ts";
import { paperTable } from "../../../src/report/paper/tables.ts";
import { studyCsv } from "../../../src/report/study/table-csv.ts";
import { paperGrid, studyGrid } from "../../../src/report/study/table-grid.ts";
import { studyTable } from "../../../src/report/study/table-model.ts";
import { metrics, run, stack } from "./runs.ts";

const tolerance = { points: 0.5, share: 0.05 };
const study: StudyOf<"table"> = {
  kind: "table",
  name: "table4",
  title: "Rewards",
  paper: "table4",
  compat: "release",
  seeds: [42],
  notes: [],
  tolerance,
  reads: {
    failure_rate: "failure_rate",
    ap50: "ap50",
    recall: "recall.20",
    mean_recall: "mean_recall.20",
  },
  fills: [
    { row: "hard", run: "hard.yaml" },
    { row: "relax", run: "relax.yaml", variant: "a | b" },
    { row: "soft", not_run: "it is cited" },
  ],
};
const tableOf = (...runs: ReturnType<typeof run>[]) =>
  studyTable(study, paperTable("table4"), new Map([["hard.yaml", runs]]));

describe("paperGrid", () => {
  it("prints v1's Table 3 as the paper does, with a sign before each difference", () => {
    expect(
      paperGrid(paperTable("v1-table3")).rows.map((row) => [...row.labels, ...row.cells].join(" ")),
    ).toEqual([
      "baseline 7B 47.26 6.75 0.84 0.84",
      "zero-RL 7B 0.08 (-47.18) 13.97 (+7.22) 13.11 (+12.27) 13.11 (+12.27)",
      "SFT 7B 40.16 13.66 9.15 9.15",
      "SFT+RL 7B 0.04 (-40.12) 17.52 (+3.86) 20.16 (+11.01) 20.18 (+11.03)",
      "baseline 2B 69.68 1.73 0.09 0.09",
      "zero-RL 2B 0.06 (-69.62) 6.19 (+4.46) 4.34 (+4.25) 4.34 (+4.25)",
      "SFT 2B 75.56 7.23 4.80 4.80",
      "SFT+RL 2B 0.12 (-75.44) 16.58 (+9.35) 18.70 (+13.90) 18.70 (+13.90)",
      "baseline 7B 55.32 6.03 0.76 0.76",
      "zero-RL 7B 0.08 (-55.24) 11.63 (+5.60) 10.67 (+9.91) 10.67 (+9.91)",
      "SFT 7B 38.50 14.58 9.92 9.96",
      "SFT+RL 7B 0.10 (-38.40) 18.72 (+4.14) 20.40 (+10.48) 20.47 (+10.51)",
      "baseline 2B 56.56 2.31 0.17 0.17",
      "zero-RL 2B 0.08 (-56.48) 8.03 (+5.72) 6.13 (+5.96) 6.13 (+5.96)",
      "SFT 2B 73.80 7.81 5.13 5.13",
      "SFT+RL 2B 0.28 (-73.52) 17.20 (+9.39) 18.82 (+13.69) 18.87 (+13.74)",
    ]);
  });

  it("prints Table 1 with dashes where the paper has no figure", () => {
    const [imp, , , , gpt] = paperGrid(paperTable("table1")).rows;
    expect(imp).toEqual({
      labels: ["IMP", "–"],
      cells: ["–", "20.91", "17.85", "2.66"],
      section: "specialists",
    });
    expect(gpt!.cells).toEqual(["2.94", "0.00", "0.00", "0.00"]);
  });

  it("sets Table 3 under the names of both data sets", () => {
    const text = gridText(paperGrid(paperTable("table3"))).split("\n");
    expect(text[0]).toBe(
      "Method       Trained on  Classes in the prompt  VG150 Failure %  VG150 AP@50  VG150 Recall  VG150 mRecall  PSG Failure %  PSG AP@50  PSG Recall  PSG mRecall",
    );
    expect(text[8]).toBe(
      "R1-SGG       VG150       no                                0.30        18.09         22.73           9.62           0.64      14.64        7.51         3.88",
    );
  });
});

describe("studyGrid", () => {
  it("sets ours below the paper's, and says what nobody ran", () => {
    const done = run("hard-1", { metrics: metrics(0.1, 19, 20.4, 11.43) });
    expect(
      gridMarkdown(studyGrid(tableOf(done), tolerance))
        .split("\n")
        .slice(0, 7),
    ).toEqual([
      "| Reward | Density | Aligned with the metric | Source | Failure % | AP@50 | Recall | mRecall |",
      "| --- | --- | --- | --- | ---: | ---: | ---: | ---: |",
      "| Hard Recall | sparse | yes | paper | 0.08 | 19.47 | 23.75 | 11.43 |",
      "|  |  |  | ours | 0.10 [+0.02] ✓ | 19.00 [-0.47] ✓ | 20.40 [-3.35] ✗ | 11.43 [0.00] ✓ |",
      "| Hard Recall + Relax | medium | no | paper | 0.02 | 19.93 | 24.05 | 9.61 |",
      "|  |  |  | ours, a \\| b | not run | not run | not run | not run |",
      "| Soft Recall | dense | no | paper | 0.06 | 18.73 | 21.92 | 5.61 |",
    ]);
  });

  it("states the tolerance, the stack and why a row is cited", () => {
    const { notes } = studyGrid(tableOf(run("a", { metrics: metrics(0, 0, 0, 0) })), tolerance);
    expect(notes.join("\n")).toContain("0.5 points or 5 % of the paper's figure");
    expect(notes.join("\n")).toContain(`Stack: ${stack}.`);
    expect(notes.join("\n")).toContain("Without a line of ours: it is cited.");
  });

  it("prints ours with the differences that the paper prints, between the printed figures", () => {
    const vqa: StudyOf<"table"> = {
      ...study,
      paper: "v1-table2",
      reads: { acc: "settings.{row}.acc", macc: "settings.{row}.macc" },
      fills: [{ part: "qwen2-vl-7b", run: "vqa.yaml" }],
    };
    const settings = [
      { setting: "original", acc: 53.744, macc: 53 },
      { setting: "mask-image", acc: 0.038, macc: 0.25 },
      { setting: "no-boxes", acc: 78, macc: 80 },
    ];
    const runs = new Map([["vqa.yaml", [run("q", { metrics: { settings } })]]]);
    const { rows } = studyGrid(studyTable(vqa, paperTable("v1-table2"), runs), tolerance);
    const ours = rows.filter(({ labels }) => labels.at(-1) === "ours");
    expect(ours.map(({ cells }) => cells.slice(6))).toEqual([
      ["53.74 [0.00] ✓", "53.00 [-0.35] ✓"],
      ["0.04 (-53.70) [+0.01] ✓", "0.25 (-52.75) [+0.23] ✓"],
      ...Array(4).fill(["failed", "failed"]), // the run is done, and has no such figures
      ["78.00 (+24.26) [-0.13] ✓", "80.00 (+27.00) [+2.90] ✓"],
      ...Array(2).fill(["failed", "failed"]),
    ]);
    expect(ours.every(({ cells }) => cells[0] === "not run")).toBe(true);
  });

  it("labels lines of different stacks", () => {
    const old = run("b", {
      metrics: metrics(0, 10, 0, 0),
      facts: { ...run("b").facts, stack: "old" },
    });
    const { rows, notes } = studyGrid(
      tableOf(run("a", { metrics: metrics(0, 20, 0, 0) }), old),
      tolerance,
    );
    expect(rows.slice(1, 3).map(({ labels, cells }) => [labels[3], cells[1]])).toEqual([
      ["ours [A]", "20.00 [+0.53] ✓"],
      ["ours [B]", "10.00 [-9.47] ✗"],
    ]);
    expect(notes).toContain("Stack [B]: old.");
  });

  it("gives the mean of seeds with half its interval and their number", () => {
    const seeds = [18, 20, 22].map((ap50, seed) =>
      run(`${seed}`, { seed, metrics: metrics(0, ap50, 0, 0) }),
    );
    expect(studyGrid(tableOf(...seeds), tolerance).rows[1]!.cells[1]).toBe(
      "20.00 ± 4.97 (3) [+0.53] ✓",
    );
  });
});

describe("studyCsv", () => {
  it("has a line for each cell, unrounded", () => {
    const lines = studyCsv(
      tableOf(run("hard-1", { metrics: metrics(0.125, 19, 20.4, 11.43) })),
    ).split("\r\n");
    expect(lines[0]).toBe(
      "study,row,labels,variant,stack,column,paper,measured,low,high,seeds,difference,verdict,runs",
    );
    expect(lines[1]).toBe(
      `table4,hard,Hard Recall sparse yes,,"${stack}",failure_rate,0.08,0.125,,,1,0.05,reproduced,hard-1`,
    );
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines[12]).toBe("table4,soft,Soft Recall dense no,,,mean_recall,5.61,,,,,,cited,");
  });
});
