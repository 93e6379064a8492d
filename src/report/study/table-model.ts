import type { StudyOf } from "../../recipe/study.ts";
import type { PaperColumn, PaperRow, PaperTable } from "../paper/tables.ts";
import { type JudgedRun, type RunsOf, readFigure, type StudyRun } from "./run.ts";
import { judge, type Measured, type Verdict } from "./verdict.ts";
import { whereValid } from "./where-valid.ts";

/** A cell of a study's table. */
export interface StudyCell {
  readonly column: string;
  /** What the paper prints. */
  readonly paper: number | null;
  readonly measured: Measured | null;
  readonly verdict: Verdict;
  /** Why it is not ours to measure. */
  readonly reason: string | null;
  /** The runs that it comes from, or will. */
  readonly runs: readonly string[];
}

/** What was measured for a row of the paper, on one software stack. */
export interface StudyLine {
  readonly variant: string | null;
  readonly stack: string | null;
  readonly cells: readonly StudyCell[];
}

/** A row of the paper with our lines for it. */
export interface StudyRow {
  readonly row: PaperRow;
  readonly lines: readonly StudyLine[];
}

/** A table of the paper beside what was measured. */
export interface StudyTable {
  readonly study: string;
  readonly title: string;
  readonly paper: PaperTable;
  readonly rows: readonly StudyRow[];
  /** The software stacks of its numbers. */
  readonly stacks: readonly string[];
  /** Every run that gave a number. */
  readonly runs: readonly StudyRun[];
}

type Study = StudyOf<"table">;
type Fill = Study["fills"][number];

/**
 * Sets the runs of a study beside the paper's table.
 *
 * Numbers of different stacks never share a line: each has its own. Of several runs of one recipe and
 * seed on one stack the last that is done counts.
 */
export function studyTable(study: Study, paper: PaperTable, runs: RunsOf): StudyTable {
  const rows = paper.rows.map((row) => ({ row, lines: linesOf(study, paper, row, runs) }));
  const lines = rows.flatMap((one) => one.lines);
  const used = new Set(
    lines.flatMap(({ cells }) => cells.flatMap((cell) => (cell.measured ? cell.runs : []))),
  );
  const all = new Map([...runs.values()].flat().map((run) => [run.id, run]));
  return {
    study: study.name,
    title: study.title,
    paper,
    rows,
    stacks: [...new Set(lines.flatMap(({ stack }) => (stack === null ? [] : [stack])))],
    runs: [...all.values()].filter(({ id }) => used.has(id)),
  };
}

function linesOf(study: Study, paper: PaperTable, row: PaperRow, runs: RunsOf): StudyLine[] {
  const fills = study.fills.filter((fill) => fill.row === undefined || fill.row === row.id);
  const variants = [...new Set(fills.map(({ variant }) => variant ?? null))];
  return variants.flatMap((variant) => {
    const own = fills.filter((fill) => (fill.variant ?? null) === variant);
    const done = own.flatMap((fill) => runsOf(fill, runs).filter(hasNumbers));
    const stacks = [...new Set(done.map(({ facts }) => facts.stack))];
    const all: readonly (string | null)[] = stacks.length > 0 ? stacks : [null];
    return all.map((stack) => ({
      variant,
      stack,
      cells: paper.columns.map((column, i) => {
        const fill = own.find(({ part }) => part === undefined || column.id.startsWith(`${part}/`));
        return cellOf(study, column, row, row.values[i] ?? null, fill, stack, runs);
      }),
    }));
  });
}

function cellOf(
  study: Study,
  column: PaperColumn,
  row: PaperRow,
  paper: number | null,
  fill: Fill | undefined,
  stack: string | null,
  runs: RunsOf,
): StudyCell {
  const cell = { column: column.id, paper, measured: null, reason: null, runs: [] };
  if (fill?.not_run !== undefined) return { ...cell, verdict: "cited", reason: fill.not_run };
  const candidates = fill ? runsOf(fill, runs) : [];
  const path = study.reads[column.id.split("/").at(-1)!] ?? "";
  const values = lastOfEachSeed(candidates.filter((run) => run.facts.stack === stack)).flatMap(
    (run) => {
      const value = figureOf(study, column.id, path.replace("{row}", row.id), run, runs);
      return value === null ? [] : [{ id: run.id, value }];
    },
  );
  const ids = values.map(({ id }) => id);
  if (values.length === 0) {
    const others = candidates.filter((run) => !hasNumbers(run) || run.facts.stack === stack);
    return { ...cell, verdict: unfinished(others), runs: others.map(({ id }) => id) };
  }
  const measured = judge(
    values.map(({ value }) => value),
    paper,
    study.tolerance,
  );
  return { ...cell, measured, verdict: measured.verdict, runs: ids };
}

/** A figure of a run; in a column of `where_valid` over the images that the run of that row and seed answered. */
function figureOf(
  study: Study,
  column: string,
  path: string,
  run: StudyRun,
  runs: RunsOf,
): number | null {
  const of = study.table?.columns.find(({ id }) => id === column)?.where_valid;
  if (of === undefined) return readFigure(metricsFor(run.metrics, study.compat), path);
  const fill = study.fills.find(({ row }) => row === of);
  const bases = fill ? lastOfEachSeed(runsOf(fill, runs)) : [];
  const base = bases.find(
    ({ seed, facts }) => seed === run.seed && facts.stack === run.facts.stack,
  );
  return whereValid(run, base, path);
}

const runsOf = (fill: Fill, runs: RunsOf): readonly StudyRun[] =>
  fill.run === undefined
    ? []
    : (runs.get(fill.run) ?? []).filter(({ checkpoint }) => checkpoint === null);

const hasNumbers = ({ state, metrics }: StudyRun): boolean => state === "done" && metrics !== null;

const lastOfEachSeed = (runs: readonly StudyRun[]): readonly StudyRun[] => [
  ...new Map(runs.filter(hasNumbers).map((run) => [run.seed, run])).values(),
];

/** Of runs without a figure: what is nearest to having one. */
function unfinished(runs: readonly StudyRun[]): Verdict {
  if (runs.some(({ state }) => state === "running" || state === "queued")) return "running";
  return runs.some(({ state }) => state === "failed" || state === "done") ? "failed" : "not run";
}

/** The figures of one evaluation out of a file that may hold several, by the name of their compat mode. */
export function metricsFor(metrics: unknown, compat: string): unknown {
  if (typeof metrics !== "object" || metrics === null || "settings" in metrics) return metrics;
  if (compat in metrics) return (metrics as Record<string, unknown>)[compat];
  return !("compat" in metrics) || metrics.compat === compat ? metrics : null;
}

/** Runs with the mode of the evaluation that a study reads. */
export const judgedBy = (compat: string, runs: readonly StudyRun[]): readonly JudgedRun[] =>
  runs.map((run) => {
    const metrics = metricsFor(run.metrics, compat) as { readonly compat?: string } | null;
    return { ...run, compat: metrics?.compat ?? null };
  });
