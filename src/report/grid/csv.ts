import { type Grid, headText } from "./grid.ts";

/** Rows as CSV (RFC 4180), a row a line; null is an empty cell. */
export const toCsv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

/** A text that a spreadsheet would take for a formula is kept from it by a quote before it. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of texts as CSV: its heads, then a row a line; without its notes. */
export const gridCsv = ({ labels, heads, rows }: Grid): string =>
  toCsv([[...labels, ...heads.map(headText)], ...rows.map((row) => [...row.labels, ...row.cells])]);
