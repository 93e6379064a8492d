import { SggError } from "../../errors.ts";
import type { StudyOf } from "../../recipe/study.ts";
import type { Grid, GridRow } from "../grid/grid.ts";
import { type PaperTable, paperTable, paperTables } from "../paper/tables.ts";
import type { StudyCell, StudyLine, StudyTable } from "./table-model.ts";
import { signed, stackMark, stackNotes } from "./table-words.ts";

/** The table that a study fills: the paper's, or its own. Errors: SggError RECIPE for an unknown one of the paper */
export function tableOf({ paper = "", table, name, title }: StudyOf<"table">): PaperTable {
  if (table === undefined) {
    const known = paperTables.map(({ id }) => id);
    if (known.includes(paper)) return paperTable(paper);
    const expected = `expected one of ${known.join(", ")}`;
    throw new SggError(
      "RECIPE",
      `Cannot use study "${name}": paper: no table "${paper}", ${expected}`,
    );
  }
  const none = table.columns.map(() => null);
  const columns = table.columns.map(({ id, head, group }) => ({
    id,
    head,
    ...(group && { group }),
  }));
  const rows = table.rows.map(({ id, labels, group, from }) => ({
    ...{ id, labels, values: none },
    ...(group && { group }),
    ...(from && { from }),
  }));
  return {
    id: name,
    paper: null,
    table: name,
    title,
    labels: table.labels,
    columns,
    rows,
    notes: [],
  };
}

/** A table of a study's own: what was measured, and the difference to the row that a row starts from. */
export function ownGrid({ paper, rows, stacks }: StudyTable): Grid {
  const lines = rows.flatMap((one) => one.lines);
  const isNamed = stacks.length > 1 || lines.some(({ variant }) => variant !== null);
  const nameOf = ({ variant, stack }: StudyLine): string =>
    `${variant ?? ""}${stackMark(stack, stacks)}`.trim();
  /** What a row starts from, of the same variant (or of the only one) and the same stack. */
  const baseOf = (from: string | undefined, { variant, stack }: StudyLine) => {
    const own = rows.find(({ row }) => row.id === from)?.lines.filter((one) => one.stack === stack);
    return own?.find((one) => one.variant === variant) ?? (own?.length === 1 ? own[0] : undefined);
  };
  return {
    labels: [...paper.labels, ...(isNamed ? ["Line"] : [])],
    heads: paper.columns.map(({ head, group }) => ({ text: head, group })),
    rows: rows.flatMap(({ row, lines: own }) =>
      own.map((line): GridRow => {
        const base = baseOf(row.from, line);
        return {
          labels: [...row.labels, ...(isNamed ? [nameOf(line)] : [])],
          cells: line.cells.map((cell, i) => cellText(cell, base?.cells[i])),
          section: row.group,
        };
      }),
    ),
    notes: [
      "Our own table: the paper has no figures for it.",
      ...(rows.some(({ row }) => row.from)
        ? ["In round brackets with a sign: the difference to the row that a row starts from."]
        : []),
      ...(lines.some(({ cells }) => cells.some(({ measured }) => measured?.interval))
        ? ["±: half the 95 % interval of the mean (Student's t), and of how many seeds."]
        : []),
      ...stackNotes(stacks),
    ],
  };
}

function cellText({ measured, verdict }: StudyCell, base: StudyCell | undefined): string {
  if (measured === null) return verdict;
  const { mean, interval, count } = measured;
  const spread = interval ? ` ± ${((interval[1] - interval[0]) / 2).toFixed(2)} (${count})` : "";
  const from = base?.measured ? ` (${signed(mean - base.measured.mean)})` : "";
  return `${mean.toFixed(2)}${spread}${from}`;
}
