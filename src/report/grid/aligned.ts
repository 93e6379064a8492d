import { columnsOf } from "../columns.ts";

/** Rows with their columns aligned two blanks apart: the first `left` to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[], left: number): readonly string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: width }, (_, i) =>
    Math.max(...rows.map((row) => columnsOf(row[i] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const blanks = " ".repeat(widths[i]! - columnsOf(cell));
        return i < left ? `${cell}${blanks}` : `${blanks}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}
