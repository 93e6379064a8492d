import type { Study, StudyGroup, StudyOf } from "../../recipe/study.ts";
import { escapeHtml } from "../escape.ts";
import type { Gallery } from "../gallery/gallery.ts";
import { galleryScript, galleryScriptHash } from "../gallery/script.ts";
import { gallerySection } from "../gallery/section.ts";
import { galleryStyle } from "../gallery/style.ts";
import { toCsv } from "../grid/csv.ts";
import type { Grid } from "../grid/grid.ts";
import { gridHtml, gridStyle } from "../grid/html.ts";
import { gridLatex } from "../grid/latex.ts";
import { gridMarkdown } from "../grid/markdown.ts";
import { gridText } from "../grid/terminal.ts";
import { pageHtml } from "../page.ts";
import { curvesFigure } from "./curves-model.ts";
import { curvesSpec } from "./curves-spec.ts";
import { curvesGrid, predicatesGrid } from "./figure-grid.ts";
import { ownGrid, tableOf } from "./own-table.ts";
import { predicatesFigure } from "./predicates-model.ts";
import { predicatesSpec } from "./predicates-spec.ts";
import type { JudgedRun, RunsOf } from "./run.ts";
import { runsGrid } from "./runs-grid.ts";
import { studyCsv } from "./table-csv.ts";
import { studyGrid } from "./table-grid.ts";
import { judgedBy, studyTable } from "./table-model.ts";

/** A study, or a group of them, as it stands, in every form. */
export interface StudyReport {
  /** For a terminal. */
  readonly text: string;
  /** As JSON holds it: of a group a list, a study an item. */
  readonly model: unknown;
  /** Texts by the name of their file. */
  readonly files: Readonly<Record<string, string>>;
  /** All of it on one page, with the galleries that are given. */
  readonly page: (galleries: readonly Gallery[]) => string;
  /** The drawings of figures by the study's name, from which PNGs can be made. */
  readonly svgs: Readonly<Record<string, string>>;
}

/** What all forms are made from. */
interface Parts {
  readonly grid: Grid;
  readonly model: { readonly runs: readonly JudgedRun[] };
  readonly csv: string;
  readonly spec: object | null;
}

/** A table or a figure, drawn. */
interface Drawn extends Parts {
  readonly study: Study;
  readonly svg: string | null;
}

/**
 * Tables and figures from the runs that there are, each in files of its own and all on one page; draws
 * with the given function, which is slow to load and so is not loaded for tables.
 */
export async function studyReport(
  { name, title, notes, studies }: StudyGroup,
  runs: RunsOf,
  draw: (spec: object) => Promise<string>,
): Promise<StudyReport> {
  const drawn: Drawn[] = [];
  for (const study of studies) {
    const { model, ...parts } = partsOf(study, runs);
    const judged = { ...model, runs: judgedBy(study.compat, model.runs) };
    drawn.push({ ...parts, model: judged, study, svg: parts.spec && (await draw(parts.spec)) });
  }
  const texts = drawn.map(({ study, grid }) => `${study.title}\n\n${gridText(grid)}`);
  const isGroup = drawn.length > 1 || studies[0]?.name !== name;
  const heading = isGroup ? [`${[title, ...notes.map(sentence)].join("\n")}\n`] : [];
  return {
    text: [...heading, ...texts].join("\n"),
    model: isGroup ? drawn.map(({ model }) => model) : drawn[0]!.model,
    files: Object.assign({}, ...drawn.map(filesOf)),
    page: (galleries) => html(title, notes, drawn, galleries),
    svgs: Object.fromEntries(drawn.flatMap(({ study, svg }) => (svg ? [[study.name, svg]] : []))),
  };
}

function filesOf({ study, grid, model, csv, spec, svg }: Drawn): Readonly<Record<string, string>> {
  const { name, title } = study;
  const image = svg === null ? [] : [`![${title}](${name}.svg)\n`];
  const sources = model.runs.length > 0 ? ["\n## Runs\n", gridMarkdown(runsGrid(model.runs))] : [];
  return {
    [`${name}.md`]: [`# ${title}\n`, ...image, gridMarkdown(grid), ...sources].join("\n"),
    [`${name}.tex`]: gridLatex(grid, `${title}.`, name),
    [`${name}.csv`]: csv,
    [`${name}.json`]: `${JSON.stringify(model, null, 2)}\n`,
    ...(spec && { [`${name}.vl.json`]: `${JSON.stringify(spec, null, 2)}\n` }),
    ...(svg && { [`${name}.svg`]: svg }),
  };
}

function partsOf(study: Study, runs: RunsOf) {
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

function tableParts(study: StudyOf<"table">, runs: RunsOf) {
  const model = studyTable(study, tableOf(study), runs);
  const grid = model.paper.paper === null ? ownGrid(model) : studyGrid(model, study.tolerance);
  const all = { ...grid, notes: [...grid.notes, ...study.notes.map(sentence)] };
  return { grid: all, model, csv: studyCsv(model), spec: null };
}

const sentence = (note: string): string => `${note}.`;

/** One page of all tables and figures, the runs behind them below, each once. */
function html(
  title: string,
  notes: readonly string[],
  drawn: readonly Drawn[],
  galleries: readonly Gallery[],
): string {
  const runs = new Map(drawn.flatMap(({ model }) => model.runs.map((run) => [run.id, run])));
  const paper = drawn.some(({ study }) => study.paper !== undefined);
  return pageHtml({
    title,
    summary: paper
      ? "Our numbers beside the paper's (arXiv 2504.13617)"
      : "Our own measurements: the paper has none of these",
    style: `${gridStyle}.figure svg { max-width: 100%; height: auto; }\n${galleries.length > 0 ? galleryStyle : ""}`,
    ...(galleries.length > 0 && { script: { text: galleryScript, hash: galleryScriptHash } }),
    main: [
      ...notes.map((note) => `<p>${escapeHtml(sentence(note))}</p>`),
      ...drawn.flatMap(({ study, grid, svg }) => [
        ...(drawn.length > 1 ? [`<h2>${escapeHtml(study.title)}</h2>`] : []),
        ...(svg === null ? [] : [`<div class="card figure">${svg}</div>`]),
        gridHtml(grid),
      ]),
      ...galleries.map((gallery, place) => gallerySection(gallery, place)),
      ...(runs.size > 0 ? ["<h2>Runs</h2>", gridHtml(runsGrid([...runs.values()]))] : []),
    ],
  });
}
