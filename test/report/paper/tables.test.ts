import { describe, expect, it } from "vitest";
import {
  type PaperTable,
  paperTable,
  paperTables,
  printedValue,
} from "../../../src/report/paper/tables.ts";

/** Differences as the paper prints them, row by row; it leaves the sign of two of them away. */
const table2 = {
  "mask-image": "-1.26 -0.90 -23.95 -24.00 -24.84 -25.22 -53.71 -53.33",
  "mask-objects": "-0.37 -0.08 -8.60 -8.45 -15.90 -15.95 -37.51 -36.53",
  "no-categories": "+0.24 +0.44 -12.92 -12.93 -19.23 -19.06 -36.96 -35.29",
  "no-categories+mask-image": "-1.29 -0.94 -30.34 -30.36 -28.68 -29.16 -53.56 -53.13",
  "no-categories+mask-objects": "-0.51 -0.29 -17.84 -17.24 -25.43 -25.40 -49.07 -47.83",
  "no-boxes": "+23.75 +23.99 +16.18 +15.71 +24.77 +22.93 +24.39 +23.75",
  "no-boxes+mask-image": "+7.88 +8.25 -9.49 -10.38 -17.22 -17.73 -53.73 -53.35",
  "no-boxes+mask-objects": "+17.00 +17.14 +8.48 +8.23 +4.77 +4.06 -13.48 -14.09",
};
const table3 = {
  "open-7b-zero-rl": "-47.18 +7.22 +12.27 +12.27",
  "open-7b-sft-rl": "-40.12 +3.86 +11.01 +11.03",
  "open-2b-zero-rl": "-69.62 +4.46 +4.25 +4.25",
  "open-2b-sft-rl": "-75.44 +9.35 +13.90 +13.90",
  "closed-7b-zero-rl": "-55.24 +5.60 +9.91 +9.91",
  "closed-7b-sft-rl": "-38.40 +4.14 +10.48 +10.51",
  "closed-2b-zero-rl": "-56.48 +5.72 +5.96 +5.96",
  "closed-2b-sft-rl": "-73.52 +9.39 +13.69 +13.74",
};

const differences = (table: PaperTable) =>
  Object.fromEntries(
    table.rows.flatMap(({ id, values, from }) => {
      const base = table.rows.find((row) => row.id === from)?.values;
      if (!base) return [];
      const signed = values.map((value, i) => {
        const difference = (value! - base[i]!).toFixed(2);
        return difference.startsWith("-") ? difference : `+${difference}`;
      });
      return [[id, signed.join(" ")]];
    }),
  );

describe.each(paperTables)("$id", (table) => {
  it("has a value for each column, a label for each head and a name for each row", () => {
    const names = table.rows.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    for (const row of table.rows) {
      expect(row.values).toHaveLength(table.columns.length);
      expect(row.labels).toHaveLength(table.labels.length);
      expect(["-", ...names]).toContain(row.from ?? "-");
    }
  });

  it("holds percentages of at most two decimals", () => {
    for (const value of table.rows.flatMap(({ values }) => values)) {
      if (value === null) continue;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
      expect(Number(value.toFixed(2))).toBe(value);
    }
  });
});

describe("the tables of the paper", () => {
  it("have as many rows and columns as it prints", () => {
    expect(paperTables.map(({ id, rows, columns }) => [id, rows.length, columns.length])).toEqual([
      ["v1-table2", 9, 8],
      ["v1-table3", 16, 4],
      ["table1", 16, 4],
      ["table2", 17, 4],
      ["table3", 14, 8],
      ["table4", 3, 4],
    ]);
  });

  it.each([
    ["v1-table2", "no-boxes", "qwen2-vl-7b/acc", 78.13],
    ["v1-table3", "open-2b-sft-rl", "recall_50", 18.7],
    ["table1", "r1-sgg-7b", "mean_recall", 11.43],
    ["table1", "gpt-4o", "failure_rate", 2.94],
    ["table2", "imp", "ap50", null],
    ["table2", "r1-sgg-zero-7b", "recall", 37],
    ["table3", "sft-psg-open", "vg150/failure_rate", 2.54],
    ["table4", "relax", "recall", 24.05],
  ])("print in %s at %s, %s: %s", (table, row, column, value) => {
    expect(printedValue(paperTable(table), row, column)).toBe(value);
  });

  it("agree with the differences that v1 prints", () => {
    expect(differences(paperTable("v1-table2"))).toEqual(table2);
    expect(differences(paperTable("v1-table3"))).toEqual(table3);
  });

  it("repeat each other where the paper repeats itself", () => {
    const same = (a: [string, string], b: [string, string]) =>
      expect(paperTable(a[0]).rows.find(({ id }) => id === a[1])!.values).toEqual(
        paperTable(b[0]).rows.find(({ id }) => id === b[1])!.values,
      );
    same(["table1", "r1-sgg-7b"], ["table4", "hard"]);
    const across = paperTable("table3").rows;
    const half = (id: string, from: number) =>
      across.find((row) => row.id === id)!.values.slice(from, from + 4);
    const row = (table: string, id: string) =>
      paperTable(table).rows.find((one) => one.id === id)!.values;
    for (const id of ["sft", "r1-sgg-zero", "r1-sgg"])
      expect(half(`${id}-vg150-closed`, 0)).toEqual(row("table1", `${id}-7b`));
    for (const id of ["r1-sgg-zero", "r1-sgg"])
      expect(half(`${id}-psg-closed`, 4)).toEqual(row("table2", `${id}-7b`));
    expect(half("baseline-closed", 0)).toEqual(row("table1", "qwen2-vl-7b"));
    expect(half("baseline-closed", 4)).toEqual(row("table2", "qwen2-vl-7b"));
  });

  it("have no cell of another name", () => {
    expect(() => paperTable("table9")).toThrow(RangeError);
    expect(() => printedValue(paperTable("table1"), "imp", "recall_20")).toThrow(RangeError);
  });
});
