import { type AtCutoffs, cutoffs } from "../core/metrics/recall.ts";
import { aligned } from "./grid/aligned.ts";

/** A figure with its name, ready to be set in columns. */
export interface FigureLine {
  readonly name: string;
  readonly cells: readonly string[];
}

/** Two decimals, or a dash where there is no figure. */
export const figureText = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : value.toFixed(2);

/** An interval as `from to`, or nothing. */
export const intervalText = (interval: readonly [number, number] | null | undefined): string =>
  interval ? `[${interval[0].toFixed(2)}, ${interval[1].toFixed(2)}]` : "";

/** One line for each K, from figures that are given at each K. */
export const linesAtCutoffs = (
  name: string,
  cells: (at: keyof AtCutoffs) => readonly string[],
): readonly FigureLine[] => cutoffs.map((at) => ({ name: `${name}@${at}`, cells: cells(at) }));

/** Lines with their columns aligned: names to the left, cells to the right. */
export const alignedLines = (lines: readonly FigureLine[]): string =>
  `${aligned(
    lines.map(({ name, cells }) => [name, ...cells]),
    1,
  ).join("\n")}\n`;
