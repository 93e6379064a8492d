/** The head of a column of figures; neighbours with the same group share a line above. */
export interface GridHead {
  readonly text: string;
  readonly group?: string | undefined;
}

/** A line of a table. */
export interface GridRow {
  /** One for each of the grid's `labels`. */
  readonly labels: readonly string[];
  /** One for each of its `heads`. */
  readonly cells: readonly string[];
  /** Where it changes, a line of its own stands above the row. */
  readonly section?: string | undefined;
}

/** A table of texts, ready to be set as Markdown, LaTeX or on a terminal. */
export interface Grid {
  readonly labels: readonly string[];
  readonly heads: readonly GridHead[];
  readonly rows: readonly GridRow[];
  readonly notes: readonly string[];
}

/** Rows under the section that they share with their neighbours. */
export function bySection(
  rows: readonly GridRow[],
): readonly { readonly section: string | undefined; readonly rows: readonly GridRow[] }[] {
  const parts: { section: string | undefined; rows: GridRow[] }[] = [];
  for (const row of rows) {
    const last = parts.at(-1);
    if (last && last.section === row.section) last.rows.push(row);
    else parts.push({ section: row.section, rows: [row] });
  }
  return parts;
}

/** A head on one line, with its group before it. */
export const headText = ({ text, group }: GridHead): string =>
  group === undefined ? text : `${group} ${text}`;
