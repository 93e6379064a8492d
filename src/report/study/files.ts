import type { Study, StudyOf } from "../../recipe/study.ts";
import { toCsv } from "../grid/csv.ts";
import type { Grid } from "../grid/grid.ts";
import { gridHtml, gridStyle } from "../grid/html.ts";
import { gridLatex } from "../grid/latex.ts";
import { gridMarkdown } from "../grid/markdown.ts";
import { gridText } from "../grid/terminal.ts";
import { pageHtml } from "../page.ts";
import { paperTable } from "../paper/tables.ts";
import { curvesFigure } from "./curves-model.ts";
import { curvesSpec } from "./curves-spec.ts";
import { curvesGrid, predicatesGrid } from "./figure-grid.ts";
import { predicatesFigure } from "./predicates-model.ts";
import { predicatesSpec } from "./predicates-spec.ts";
import type { RunsOf, StudyRun } from "./run.ts";
import { runsGrid } from "./runs-grid.ts";
import { studyCsv } from "./table-csv.ts";
import { studyGrid } from "./table-grid.ts";
import { studyTable } from "./table-model.ts";

/** A study as it stands, in every form. */
export interface StudyReport {
  /** For a terminal. */
  readonly text: string;
  /** As JSON holds it. */
  readonly model: unknown;
  /** Texts by the name of their file. */
  readonly files: Readonly<Record<string, string>>;
  /** A figure's drawing, from which a PNG can be made. */
  readonly svg: string | null;
}

/** What all forms are made from. */
interface Parts {
  readonly grid: Grid;
  readonly model: { readonly runs: readonly StudyRun[] };
  readonly csv: string;
  readonly spec: object | null;
}

/**
 * A study's table or figure from the runs that there are; draws with the given function, which is slow to
 * load and so is not loaded for tables.
 */
export async function studyReport(
  study: Study,
  runs: RunsOf,
  draw: (spec: object) => Promise<string>,
): Promise<StudyReport> {
  const { grid, model, csv, spec } = partsOf(study, runs);
  const { name, title } = study;
  const svg = spec === null ? null : await draw(spec);
  const json = `${JSON.stringify(model, null, 2)}\n`;
  const image = svg === null ? [] : [`![${title}](${name}.svg)\n`];
  const sources = model.runs.length > 0 ? ["\n## Runs\n", gridMarkdown(runsGrid(model.runs))] : [];
  return {
    text: `${title}\n\n${gridText(grid)}`,
    model,
    svg,
    files: {
      [`${name}.md`]: [`# ${title}\n`, ...image, gridMarkdown(grid), ...sources].join("\n"),
      [`${name}.tex`]: gridLatex(grid, `${title}.`, name),
      [`${name}.csv`]: csv,
      [`${name}.json`]: json,
      ...(spec && { [`${name}.vl.json`]: `${JSON.stringify(spec, null, 2)}\n` }),
      ...(svg && { [`${name}.svg`]: svg }),
      "index.html": html(title, grid, svg, model.runs),
    },
  };
}

function partsOf(study: Study, runs: RunsOf): Parts {
  if (study.kind === "table") return tableParts(study, runs);
  if (study.kind === "curves") {
    const model = curvesFigure(study, runs);
    const rows = model.rows
      .flat()
      .flatMap(({ title, unit, points }) =>
        points.map(({ series, step, value }) => [title, unit, series, step, value]),
      );
    const csv = toCsv([["panel", "metric", "series", "step", "value"], ...rows]);
    return { grid: curvesGrid(model), model, csv, spec: curvesSpec(model) };
  }
  const model = predicatesFigure(study, runs);
  const rows = model.panels.flatMap(({ title, bars }) =>
    bars.map(({ predicate, relations, series, recall }) => [
      title,
      predicate,
      relations,
      series,
      recall,
    ]),
  );
  const csv = toCsv([["panel", "predicate", "relations", "series", "recall"], ...rows]);
  return { grid: predicatesGrid(model), model, csv, spec: predicatesSpec(model) };
}

function tableParts(study: StudyOf<"table">, runs: RunsOf): Parts {
  const model = studyTable(study, paperTable(study.paper), runs);
  const grid = studyGrid(model, study.tolerance);
  const all = { ...grid, notes: [...grid.notes, ...study.notes.map((note) => `${note}.`)] };
  return { grid: all, model, csv: studyCsv(model), spec: null };
}

const html = (title: string, grid: Grid, svg: string | null, runs: readonly StudyRun[]): string =>
  pageHtml({
    title,
    summary: "Our numbers beside the paper's (arXiv 2504.13617)",
    style: `${gridStyle}.figure svg { max-width: 100%; height: auto; }\n`,
    main: [
      ...(svg === null ? [] : [`<div class="card figure">${svg}</div>`]),
      gridHtml(grid),
      ...(runs.length > 0 ? ["<h2>Runs</h2>", gridHtml(runsGrid(runs))] : []),
    ],
  });
