import { describe, expect, it } from "vitest";
import { toCsv } from "../../../src/report/grid/csv.ts";
import type { Grid } from "../../../src/report/grid/grid.ts";
import { gridHtml } from "../../../src/report/grid/html.ts";
import { escapeLatex, gridLatex } from "../../../src/report/grid/latex.ts";
import { gridMarkdown } from "../../../src/report/grid/markdown.ts";
import { gridText } from "../../../src/report/grid/terminal.ts";

const grid: Grid = {
  labels: ["Method", "Size"],
  heads: [
    { text: "AP ↑", group: "A & B" },
    { text: "R", group: "A & B" },
    { text: "R", group: "C" },
  ],
  rows: [
    { labels: ["one|two", "2B"], cells: ["1.00", "–", "3.00 ✓"], section: "first" },
    { labels: ["three_4", "7B"], cells: ["10.00", "2.00", "3.00"], section: "first" },
    { labels: ["five", "–"], cells: ["0.00", "0.00", "0.00"], section: "second" },
  ],
  notes: ["100 % of it.", "More."],
};

it("sets a grid in Markdown: sections as rows, notes below", () => {
  expect(gridMarkdown(grid)).toBe(`| Method | Size | A & B AP ↑ | A & B R | C R |
| --- | --- | ---: | ---: | ---: |
| **first** |  |  |  |  |
| one\\|two | 2B | 1.00 | – | 3.00 ✓ |
| three_4 | 7B | 10.00 | 2.00 | 3.00 |
| **second** |  |  |  |  |
| five | – | 0.00 | 0.00 | 0.00 |

100 % of it.

More.
`);
});

it("sets a grid for a terminal: labels to the left, figures to the right", () => {
  expect(gridText(grid)).toBe(`Method   Size  A & B AP ↑  A & B R     C R

first:
one|two  2B          1.00        –  3.00 ✓
three_4  7B         10.00     2.00    3.00

second:
five     –           0.00     0.00    0.00
100 % of it.
More.
`);
});

it("sets a grid in LaTeX with booktabs: groups with rules, a rule between sections", () => {
  expect(
    gridLatex(grid, "Recall, R@20 & more", "table 1"),
  ).toBe(`% \\usepackage{booktabs,amssymb,graphicx,rotating}
\\begin{table}
\\centering\\scriptsize\\setlength{\\tabcolsep}{3.5pt}
\\caption{Recall, R@20 \\& more}
\\label{tab:table-1}\\smallskip
\\resizebox*{!}{\\ifdim\\totalheight>.8\\textheight .8\\textheight\\else\\totalheight\\fi}{%
\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\begin{tabular}{llrrr}
\\toprule
 &  & \\multicolumn{2}{c}{A \\& B} & \\multicolumn{1}{c}{C} \\\\
\\cmidrule(lr){3-4} \\cmidrule(lr){5-5}
Method & Size & AP $\\uparrow$ & R & R \\\\
\\midrule
\\multicolumn{5}{l}{\\emph{first}} \\\\
one\\textbar{}two & 2B & 1.00 & -- & 3.00 $\\checkmark$ \\\\
three\\_4 & 7B & 10.00 & 2.00 & 3.00 \\\\
\\midrule
\\multicolumn{5}{l}{\\emph{second}} \\\\
five & -- & 0.00 & 0.00 & 0.00 \\\\
\\bottomrule
\\end{tabular}}}
\\par\\smallskip\\parbox{\\linewidth}{\\raggedright 100 \\% of it. More.}
\\end{table}
`);
});

it("sets what is in square brackets below its figure in LaTeX, and a wide table sideways", () => {
  const rows = [
    { labels: ["SFT", "paper"], cells: ["14.18 (+8.10)", "–", "1.00"] },
    { labels: ["", "ours"], cells: ["12.00 ± 2.48 (3) [-2.18] ✗", "running", "1.00 [0.00] ✓"] },
    { labels: ["RL", "paper"], cells: ["1.00", "2.00", "3.00"] },
  ];
  expect(gridLatex({ ...grid, rows }, "c", "l")).toContain(`
SFT & paper & 14.18 (+8.10) & -- & 1.00 \\\\
 & ours & 12.00 $\\pm$ 2.48 & running & 1.00 \\\\
 &  & {\\tiny (3) [-2.18] $\\times$} &  & {\\tiny [0.00] $\\checkmark$} \\\\
\\addlinespace[1.5pt]
RL & paper & 1.00 & 2.00 & 3.00 \\\\
`);
  const heads = Array.from({ length: 7 }, () => ({ text: "R" }));
  expect(gridLatex({ ...grid, heads, rows: [] }, "c", "l")).toContain("\\begin{sidewaystable}");
});

describe("escapeLatex", () => {
  it("leaves no character that LaTeX obeys", () => {
    expect(escapeLatex('\\input{x} $a_b^c$ #1 50% ~ & <x> | "\n\ny')).toBe(
      "\\textbackslash{}input\\{x\\} \\$a\\_b\\textasciicircum{}c\\$ \\#1 50\\% \\textasciitilde{} \\& \\textless{}x\\textgreater{} \\textbar{} '' y",
    );
  });
});

it("keeps a bracket at the start of a line from being an option of the line before", () => {
  const rows = [{ labels: ["[5cm]", "a"], cells: ["1", "2", "3"] }];
  expect(gridLatex({ ...grid, rows }, "c", "l")).toContain("\n{}[5cm] & a & 1 & 2 & 3 \\\\\n");
});

describe("toCsv", () => {
  it("quotes what needs it, and keeps a text from being a formula", () => {
    expect(
      toCsv([
        ["a,b", 'say "x"', null, -1.5],
        ["=1+1", "two\nlines", "-", ""],
      ]),
    ).toBe(`"a,b","say ""x""",,-1.5\r\n'=1+1,"two\nlines",'-,\r\n`);
  });
});

it("sets a grid in HTML: groups, sections, every text escaped", () => {
  const rows = [{ labels: ["<b>", "2B"], cells: ["1", "2", "3 & 4"], section: "a & b" }];
  const html = gridHtml({ ...grid, rows });
  expect(html).toContain('<td colspan="2"></td><th scope="colgroup" colspan="2">A &amp; B</th>');
  expect(html).toContain('<th scope="rowgroup" colspan="5">a &amp; b</th>');
  expect(html).toContain('<th scope="row" class="label">&lt;b&gt;</th>');
  expect(html).toContain("<td>3 &amp; 4</td>");
  expect(html).toContain('<p class="quiet">100 % of it.</p>');
});
