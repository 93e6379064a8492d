import table1 from "./table1.json" with { type: "json" };
import table2 from "./table2.json" with { type: "json" };
import table3 from "./table3.json" with { type: "json" };
import table4 from "./table4.json" with { type: "json" };
import v1Table2 from "./v1-table2.json" with { type: "json" };
import v1Table3 from "./v1-table3.json" with { type: "json" };

/** A column of a table of the paper; its `id` is what a study calls it. */
export interface PaperColumn {
  readonly id: string;
  readonly head: string;
  /** The head that it shares with its neighbours. */
  readonly group?: string;
  readonly lowIsGood?: boolean;
}

/** A row of a table of the paper. */
export interface PaperRow {
  readonly id: string;
  /** The line above the rows that belong together. */
  readonly group?: string;
  /** One for each of the table's `labels`. */
  readonly labels: readonly string[];
  /** One for each column; null where the paper prints none. */
  readonly values: readonly (number | null)[];
  /** The row to which the paper prints differences. */
  readonly from?: string;
}

/**
 * A table as the paper prints it; or one of a study's own, which is of no paper and has no figures.
 *
 * Unit:   percent
 * Source: the table that it names; `notes` are what is ambiguous there
 */
export interface PaperTable {
  readonly id: string;
  /** Null for a table of a study's own. */
  readonly paper: string | null;
  readonly table: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly columns: readonly PaperColumn[];
  readonly rows: readonly PaperRow[];
  readonly notes: readonly string[];
}

/** Every table of the paper that has results: two of its first version, four of the later one. */
export const paperTables: readonly PaperTable[] = [
  v1Table2,
  v1Table3,
  table1,
  table2,
  table3,
  table4,
] satisfies readonly PaperTable[];

/** The table of that id. Errors: RangeError when there is none. */
export function paperTable(id: string): PaperTable {
  const found = paperTables.find((table) => table.id === id);
  if (found) return found;
  throw new RangeError(`no table "${id}"`);
}

/** What the paper prints in one cell; null for nothing. Errors: RangeError for an unknown row or column. */
export function printedValue(table: PaperTable, row: string, column: string): number | null {
  const found = table.rows.find(({ id }) => id === row);
  const at = table.columns.findIndex(({ id }) => id === column);
  if (!found || at < 0) throw new RangeError(`no cell "${row}", "${column}" in ${table.id}`);
  return found.values[at] ?? null;
}
