import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished } from "vitest";
import { gridLatex } from "../../../src/report/grid/latex.ts";
import { paperTables } from "../../../src/report/paper/tables.ts";
import { paperGrid } from "../../../src/report/study/table-grid.ts";
import { requires } from "../../helpers/requires.ts";

/** Every character of ASCII that prints, and those that our tables have besides. */
const everything = `${String.fromCodePoint(...Array.from({ length: 95 }, (_, i) => 32 + i))}–−±↓↑→✓✗·×≤β…`;

requires("latex").it("compiles: the paper's tables, and one of all characters", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-latex-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const hostile = {
    labels: ["[1cm] a", everything],
    heads: [{ text: everything, group: everything }],
    rows: [{ labels: ["[2cm]", "*"], cells: [everything], section: everything }],
    notes: [everything, "\\input{/etc/passwd} $x$ \\end{table}"],
  };
  const tables = [
    ...paperTables.map((table) => gridLatex(paperGrid(table), `${table.title}.`, table.id)),
    gridLatex(hostile, everything, "hostile"),
  ];
  const text = [
    "\\documentclass{article}\\usepackage{booktabs,amssymb}\\begin{document}",
    ...tables.map((table) => `${table}\\clearpage`),
    "\\end{document}",
  ].join("\n");
  await writeFile(join(folder, "all.tex"), text);
  const flags = ["-interaction=nonstopmode", "-halt-on-error", "all.tex"];
  const { stdout } = await execa("pdflatex", flags, { cwd: folder, stdin: "ignore" });
  expect(stdout).toMatch(/Output written on all\.pdf \(\d+ pages/);
  expect(stdout).not.toContain("root:");
});
