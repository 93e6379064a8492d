import type { Grid, GridRow } from "../grid/grid.ts";
import type { PaperRow, PaperTable } from "../paper/tables.ts";
import type { StudyCell, StudyLine, StudyRow, StudyTable } from "./table-model.ts";
import { signed, stackMark, stackNotes } from "./table-words.ts";
import { type Tolerance, toleranceText } from "./verdict.ts";

/**
 * The paper's table as the paper prints it: two decimals, and signed differences to the row that each
 * starts from, taken between the printed figures.
 */
export function paperGrid(paper: PaperTable): Grid {
  return {
    labels: paper.labels,
    heads: paper.columns.map(({ head, group }) => ({ text: head, group })),
    rows: paper.rows.map((row) => ({
      labels: row.labels,
      cells: printed(paper, row),
      section: row.group,
    })),
    notes: [`${paper.paper}, ${paper.table}.`, ...paper.notes.map(sentence)],
  };
}

/** A study's table: each row of the paper, and below it what was measured. */
export function studyGrid(table: StudyTable, tolerance: Tolerance): Grid {
  const { paper, rows, stacks } = table;
  const empty = paper.labels.map(() => "");
  return {
    labels: [...paper.labels, "Source"],
    heads: paper.columns.map(({ head, group }) => ({ text: head, group })),
    rows: rows.flatMap(({ row, lines }): GridRow[] => [
      { labels: [...row.labels, "paper"], cells: printed(paper, row), section: row.group },
      ...lines
        .filter(({ cells }) => cells.some(({ verdict }) => verdict !== "cited"))
        .map((line) => ({
          labels: [...empty, `${sourceText(line)}${stackMark(line.stack, stacks)}`],
          cells: line.cells.map((cell, i) => cellText(cell, baseOf(rows, row, line)?.cells[i])),
          section: row.group,
        })),
    ]),
    notes: notesOf(table, tolerance),
  };
}

/** Our line, of the same stack and variant, for the row that a row starts from. */
const baseOf = (
  rows: readonly StudyRow[],
  { from }: PaperRow,
  { stack, variant }: StudyLine,
): StudyLine | undefined =>
  rows
    .find(({ row }) => row.id === from)
    ?.lines.find((line) => line.stack === stack && line.variant === variant);

const sourceText = ({ variant }: StudyLine): string =>
  variant === null ? "ours" : `ours, ${variant}`;

function notesOf({ paper, rows, stacks }: StudyTable, tolerance: Tolerance): readonly string[] {
  const reasons = rows.flatMap(({ lines }) =>
    lines.flatMap(({ cells }) => cells.flatMap(({ reason }) => reason ?? [])),
  );
  return [
    `Paper: ${paper.paper}, ${paper.table}.${rows.some(({ row }) => row.from) ? " In round brackets, as printed there, and of ours too: the difference to the row that a row starts from." : ""}`,
    "Ours: in square brackets the difference to the paper.",
    toleranceText(tolerance),
    ...(reasons.length > 0 ? [`Without a line of ours: ${[...new Set(reasons)].join("; ")}.`] : []),
    ...stackNotes(stacks),
  ].concat(paper.notes.map(sentence));
}

/** What a row of the paper prints. */
function printed(paper: PaperTable, row: PaperRow): readonly string[] {
  const base = paper.rows.find(({ id }) => id === row.from);
  return row.values.map((value, i) => {
    if (value === null) return "–";
    const from = base?.values[i] ?? null;
    return from === null ? value.toFixed(2) : `${value.toFixed(2)} (${signed(value - from)})`;
  });
}

function cellText({ measured, verdict }: StudyCell, base: StudyCell | undefined): string {
  if (measured === null) return verdict;
  const from = base?.measured?.mean;
  const { mean, interval, count, difference } = measured;
  const spread = interval ? ` ± ${((interval[1] - interval[0]) / 2).toFixed(2)} (${count})` : "";
  const beside =
    difference === null ? "" : ` [${signed(difference)}] ${verdict === "reproduced" ? "✓" : "✗"}`;
  const gained = from === undefined ? "" : ` (${betweenPrinted(mean, from)})`;
  return `${mean.toFixed(2)}${spread}${gained}${beside}`;
}

/** The difference between two figures as they are printed, so that it can be checked by hand. */
const betweenPrinted = (value: number, from: number): string =>
  signed(Number(value.toFixed(2)) - Number(from.toFixed(2)));

const sentence = (text: string): string => (text.endsWith(".") ? text : `${text}.`);
