import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished } from "vitest";
import { loadStudies } from "../../../src/recipe/load-study.ts";
import { studyRuns } from "../../../src/recipe/study.ts";
import { gridLatex } from "../../../src/report/grid/latex.ts";
import { paperTables } from "../../../src/report/paper/tables.ts";
import { studyReport } from "../../../src/report/study/files.ts";
import { paperGrid } from "../../../src/report/study/table-grid.ts";
import { shipped } from "../../../src/root.ts";
import { requires } from "../../helpers/requires.ts";
import { metrics, run } from "../study/runs.ts";

/** Every character of ASCII that prints, and those that our tables have besides. */
const everything = `${String.fromCodePoint(...Array.from({ length: 95 }, (_, i) => 32 + i))}–−±↓↑→✓✗·×≤β…`;

/** What LaTeX says to tables, each on a page of its own. */
async function compiled(tables: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-latex-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const packages = "\\usepackage{booktabs,amssymb,graphicx,rotating}";
  const text = [
    `\\documentclass{article}${packages}\\begin{document}`,
    ...tables.map((table) => `${table}\\clearpage`),
    "\\end{document}",
  ].join("\n");
  await writeFile(join(folder, "all.tex"), text);
  const flags = ["-interaction=nonstopmode", "-halt-on-error", "all.tex"];
  const { stdout } = await execa("pdflatex", flags, { cwd: folder, stdin: "ignore" });
  expect(stdout).toMatch(/Output written on all\.pdf \(\d+ pages/);
  return stdout;
}

requires("latex").it("compiles: the paper's tables, and one of all characters", async () => {
  const hostile = {
    labels: ["[1cm] a", everything],
    heads: [{ text: everything, group: everything }],
    rows: [{ labels: ["[2cm]", "*"], cells: [`1 ${everything}`], section: everything }],
    notes: [everything, "\\input{/etc/passwd} $x$ \\end{table}"],
  };
  const said = await compiled([
    ...paperTables.map((table) => gridLatex(paperGrid(table), `${table.title}.`, table.id)),
    gridLatex(hostile, everything, "hostile"),
  ]);
  expect(said).not.toContain("root:");
});

/** A study of the paper with three seeds of every run, as LaTeX. */
async function filled(name: string): Promise<string> {
  const group = await loadStudies(shipped(`recipes/studies/${name}.yaml`));
  const runs = group.studies.flatMap(studyRuns).map((path, i) => {
    const seeds = [0, 1, 2].map((seed) =>
      run(`${i}-${seed}`, { seed, metrics: metrics(10 + seed, 20, 15 - seed / 3, 8 + seed) }),
    );
    return [path, seeds] as const;
  });
  const { files } = await studyReport(group, new Map(runs), async () => "");
  return files[`${name}.tex`]!;
}

requires("latex").it(
  "sets every table of the paper, with ours of three seeds beside it, within its page",
  async () => {
    const names = ["table1", "table2", "table3", "table4", "v1-table2", "v1-table3"];
    const tables = await Promise.all(names.map(filled));
    expect(tables.join("")).toContain("$\\pm$");
    expect(await compiled(tables)).not.toMatch(/Overfull|too large/);
  },
);
