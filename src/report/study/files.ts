import type { Study, StudyGroup, StudyOf } from "../../recipe/study.ts";
import type { Gallery } from "../gallery/gallery.ts";
import { gridCsv, toCsv } from "../grid/csv.ts";
import type { Grid } from "../grid/grid.ts";
import { gridLatex } from "../grid/latex.ts";
import { gridMarkdown } from "../grid/markdown.ts";
import { gridText } from "../grid/terminal.ts";
import { curvesFigure } from "./curves-model.ts";
import { curvesSpec } from "./curves-spec.ts";
import { curvesGrid, predicatesGrid } from "./figure-grid.ts";
import { type Overlap, overlapGrid, overlapTitle } from "./overlap.ts";
import { ownGrid, tableOf } from "./own-table.ts";
import { studyPage } from "./page.ts";
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
  readonly model: { readonly runs: readonly JudgedRun[]; readonly overlap?: readonly Overlap[] };
  readonly csv: string;
  readonly spec: object | null;
}

/** A table or a figure, drawn, and how its sets of images overlap, where that is asked for. */
export interface DrawnStudy extends Parts {
  readonly study: Study;
  readonly svg: string | null;
  readonly overlap: Grid | null;
}

/** What is known of each study's sets of images, by its name. */
export type OverlapsOf = ReadonlyMap<string, readonly Overlap[]>;

/**
 * Tables and figures from the runs that there are, each in files of its own and all on one page; draws
 * with the given function, which is slow to load and so is not loaded for tables.
 */
export async function studyReport(
  { name, title, notes, studies }: StudyGroup,
  runs: RunsOf,
  draw: (spec: object) => Promise<string>,
  overlaps: OverlapsOf = new Map(),
): Promise<StudyReport> {
  const drawn: DrawnStudy[] = [];
  for (const study of studies) {
    const { model, ...parts } = partsOf(study, runs);
    const judged = { ...model, runs: judgedBy(study.compat, model.runs) };
    const asked = study.kind === "table" && study.overlap === true;
    const found = overlaps.get(study.name) ?? [];
    drawn.push({
      ...parts,
      model: { ...judged, ...(asked && { overlap: found }) },
      ...{ study, svg: parts.spec && (await draw(parts.spec)) },
      overlap: asked ? overlapGrid(found) : null,
    });
  }
  const texts = drawn.flatMap(({ study, grid, overlap }) => [
    `${study.title}\n\n${gridText(grid)}`,
    ...(overlap === null ? [] : [`${overlapTitle}\n\n${gridText(overlap)}`]),
  ]);
  const isGroup = drawn.length > 1 || studies[0]?.name !== name;
  const heading = isGroup ? [`${[title, ...notes.map(sentence)].join("\n")}\n`] : [];
  return {
    text: [...heading, ...texts].join("\n"),
    model: isGroup ? drawn.map(({ model }) => model) : drawn[0]!.model,
    files: Object.assign({}, ...drawn.map(filesOf)),
    page: (galleries) => studyPage(title, notes.map(sentence), drawn, galleries),
    svgs: Object.fromEntries(drawn.flatMap(({ study, svg }) => (svg ? [[study.name, svg]] : []))),
  };
}

function filesOf(drawn: DrawnStudy): Readonly<Record<string, string>> {
  const { study, grid, model, csv, spec, svg, overlap } = drawn;
  const { name, title } = study;
  const beside = overlap === null ? [] : [`\n## ${overlapTitle}\n`, gridMarkdown(overlap)];
  const tables = [gridLatex(grid, `${title}.`, name)];
  if (overlap !== null) tables.push(gridLatex(overlap, `${overlapTitle}.`, `${name}-overlap`));
  const image = svg === null ? [] : [`![${title}](${name}.svg)\n`];
  const sources = model.runs.length > 0 ? ["\n## Runs\n", gridMarkdown(runsGrid(model.runs))] : [];
  return {
    [`${name}.md`]: [`# ${title}\n`, ...image, gridMarkdown(grid), ...beside, ...sources].join(
      "\n",
    ),
    [`${name}.tex`]: tables.join("\n"),
    [`${name}.csv`]: csv,
    ...(overlap && { [`${name}-overlap.csv`]: gridCsv(overlap) }),
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
        points.map(({ series, step, value, spread }) => [
          ...[title, unit, series, step, value],
          ...[spread?.low ?? null, spread?.high ?? null, spread?.seeds ?? 1],
        ]),
      );
    const heads = ["panel", "metric", "series", "step", "value", "low", "high", "seeds"];
    const csv = toCsv([heads, ...rows]);
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
