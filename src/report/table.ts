import type { Metrics } from "../core/metrics/evaluate.ts";
import type { Grid } from "./grid/grid.ts";
import { gridMarkdown } from "./grid/markdown.ts";
import { gridText } from "./grid/terminal.ts";

/** One method of a table with its figures, all in percent; null prints as a dash. */
export interface MetricsRow
  extends Pick<Metrics, "failure_rate" | "ap50" | "recall" | "mean_recall"> {
  readonly method: string;
}

/** A figure as it is printed; `delta` is signed, `better` says whether it is for the good. */
export interface Cell {
  readonly value: string;
  readonly delta?: string;
  readonly better?: boolean;
}

/** A table ready to be set: the head of each column, and each method with its cells. */
export interface Table {
  readonly heads: readonly string[];
  readonly rows: readonly { readonly method: string; readonly cells: readonly Cell[] }[];
  readonly note: string;
}

const columns: readonly {
  readonly head: string;
  readonly lowIsGood?: boolean;
  readonly of: (row: MetricsRow) => number | null;
}[] = [
  { head: "Failure % ↓", lowIsGood: true, of: (row) => row.failure_rate },
  { head: "AP50 ↑", of: (row) => row.ap50 },
  { head: "R@20 ↑", of: (row) => row.recall["20"] },
  { head: "R@50 ↑", of: (row) => row.recall["50"] },
  { head: "R@100 ↑", of: (row) => row.recall["100"] },
  { head: "mR@20 ↑", of: (row) => row.mean_recall["20"] },
  { head: "mR@50 ↑", of: (row) => row.mean_recall["50"] },
  { head: "mR@100 ↑", of: (row) => row.mean_recall["100"] },
];

/** What a method starts from, and so is compared with. Source: R1-SGG v1, Table 3. */
const startsFrom: Readonly<Record<string, string>> = {
  "zero-RL": "baseline",
  SFT: "baseline",
  "SFT+RL": "SFT",
};

/**
 * The paper's table of methods: two decimals, signed differences to the method a row starts from.
 *
 * Differences are taken between the printed figures, so that they can be added up by hand.
 */
export function toTable(rows: readonly MetricsRow[]): Table {
  const bases = rows.map(({ method }) => rows.find((row) => row.method === startsFrom[method]));
  const named = rows.flatMap(({ method }, i) =>
    bases[i] ? [`${method} to ${bases[i].method}`] : [],
  );
  return {
    heads: columns.map(({ head }) => head),
    rows: rows.map((row, i) => ({
      method: row.method,
      cells: columns.map(({ of, lowIsGood }) =>
        toCell(of(row), bases[i] ? of(bases[i]) : null, lowIsGood ?? false),
      ),
    })),
    note: named.length > 0 ? `In brackets: the difference of ${named.join(", of ")}.` : "",
  };
}

/** The table in Markdown. */
export const metricsTable = (rows: readonly MetricsRow[]): string => gridMarkdown(toGrid(rows));

/** The table for a terminal: columns aligned by spaces. */
export const metricsTableText = (rows: readonly MetricsRow[]): string => gridText(toGrid(rows));

function toGrid(rows: readonly MetricsRow[]): Grid {
  const { heads, rows: body, note } = toTable(rows);
  return {
    labels: ["Method"],
    heads: heads.map((text) => ({ text })),
    rows: body.map(({ method, cells }) => ({ labels: [method], cells: cells.map(cellText) })),
    notes: note === "" ? [] : [note],
  };
}

function toCell(value: number | null, base: number | null, lowIsGood: boolean): Cell {
  if (value === null) return { value: "–" };
  if (base === null) return { value: value.toFixed(2) };
  const difference = Number((Number(value.toFixed(2)) - Number(base.toFixed(2))).toFixed(2));
  const delta = `${difference < 0 ? "-" : "+"}${Math.abs(difference).toFixed(2)}`;
  if (difference === 0) return { value: value.toFixed(2), delta };
  return { value: value.toFixed(2), delta, better: difference < 0 === lowIsGood };
}

const cellText = ({ value, delta }: Cell): string => (delta ? `${value} (${delta})` : value);
