import { describe, expect, it } from "vitest";
import { metricsTable, metricsTableText, toTable } from "../../src/report/table.ts";
import { metricsRow } from "./report-fixture.ts";

const rows = [
  metricsRow("baseline", [55.32, 6.03, 0.76, 0.8]),
  metricsRow("SFT", [38.5, 14.58, 9.92, 3.3]),
  metricsRow("SFT+RL", [0.1, 18.72, 20.4, 11.43]),
];

describe("metricsTable", () => {
  it("prints the paper's rows with two decimals and signed differences", () => {
    expect(metricsTable(rows).split("\n")).toEqual([
      "| Method | Failure % ↓ | AP50 ↑ | R@20 ↑ | R@50 ↑ | R@100 ↑ | mR@20 ↑ | mR@50 ↑ | mR@100 ↑ |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      "| baseline | 55.32 | 6.03 | 0.76 | 0.76 | 0.76 | 0.80 | 0.80 | 0.80 |",
      "| SFT | 38.50 (-16.82) | 14.58 (+8.55) | 9.92 (+9.16) | 9.92 (+9.16) | 9.92 (+9.16) | 3.30 (+2.50) | 3.30 (+2.50) | 3.30 (+2.50) |",
      "| SFT+RL | 0.10 (-38.40) | 18.72 (+4.14) | 20.40 (+10.48) | 20.40 (+10.48) | 20.40 (+10.48) | 11.43 (+8.13) | 11.43 (+8.13) | 11.43 (+8.13) |",
      "",
      "In brackets: the difference of SFT to baseline, of SFT+RL to SFT.",
      "",
    ]);
  });

  it("keeps a method's name in its cell", () => {
    expect(metricsTable([metricsRow("a|b\\c", [1, 1, 1, 1])])).toContain("| a\\|b\\\\c | 1.00 |");
  });
});

describe("toTable", () => {
  it("takes differences between the printed figures, so that they add up", () => {
    const near = [metricsRow("baseline", [1.004, 0, 0, 0]), metricsRow("SFT", [2.006, 0, 0, 0])];
    expect(toTable(near).rows[1]?.cells[0]).toEqual({
      value: "2.01",
      delta: "+1.01",
      better: false,
    });
  });

  it("calls fewer failures and more recall better, and no difference neither", () => {
    const [, sft] = toTable([rows[0]!, metricsRow("SFT", [50, 6.03, 0.5, 1])]).rows;
    expect(
      sft?.cells.map(({ better }) => better).filter((_, i) => [0, 1, 2, 5].includes(i)),
    ).toEqual([true, undefined, false, true]);
    expect(sft?.cells[1]).toEqual({ value: "6.03", delta: "+0.00" });
  });

  it("prints a dash for what could not be measured, and compares nothing with it", () => {
    const [base, sft] = toTable([
      metricsRow("baseline", [0, null, 1, 1]),
      metricsRow("SFT", [0, 3, null, 1]),
    ]).rows;
    expect([base?.cells[1], sft?.cells[1], sft?.cells[2]]).toEqual([
      { value: "–" },
      { value: "3.00" },
      { value: "–" },
    ]);
  });

  it("compares SFT+RL with nothing when there is no SFT", () => {
    expect(toTable([rows[0]!, rows[2]!]).rows[1]?.cells[0]).toEqual({ value: "0.10" });
  });
});

it("aligns the columns for a terminal", () => {
  const lines = metricsTableText(rows).split("\n");
  expect(lines.slice(0, 4).map((line) => line.indexOf("  ", 8) > 0)).not.toContain(false);
  const ends = lines.slice(0, 4).map((line) => line.length);
  expect(new Set(ends).size).toBe(1);
  expect(lines[1]).toMatch(/^baseline +55\.32 +6\.03 /);
});
