import { toCsv } from "../grid/csv.ts";
import type { StudyTable } from "./table-model.ts";

const heads = [
  ...["study", "row", "labels", "variant", "stack", "column", "paper", "measured", "low", "high"],
  ...["seeds", "difference", "verdict", "runs"],
];

/** Every cell of a study's table on a line of its own, figures unrounded. */
export const studyCsv = ({ study, rows }: StudyTable): string =>
  toCsv([
    heads,
    ...rows.flatMap(({ row, lines }) =>
      lines.flatMap(({ variant, stack, cells }) =>
        cells.map(({ column, paper, measured, verdict, runs }) => [
          ...[study, row.id, row.labels.join(" "), variant, stack, column, paper],
          ...[measured?.mean ?? null, measured?.interval?.[0] ?? null],
          ...[measured?.interval?.[1] ?? null, measured?.count ?? null],
          ...[measured?.difference ?? null, verdict, runs.join(" ")],
        ]),
      ),
    ),
  ]);
