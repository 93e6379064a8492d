import type { Grid } from "../grid/grid.ts";
import { gridText } from "../grid/terminal.ts";
import type { Check } from "./check.ts";

/** acceptance.json: what one machine did with the kit. No path and no name of a host stands in it. */
export interface Acceptance {
  readonly format: 1;
  /** `open` while it runs, and when it was interrupted. */
  readonly verdict: "passed" | "failed" | "open";
  /** A rehearsal says here that it is one. */
  readonly note: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly device: "cuda" | "cpu";
  readonly gpus: number;
  /** `tiny`, or the id of a model of the Hub. */
  readonly model: string;
  readonly code: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly hardware: Readonly<Record<string, string | number | readonly string[]>>;
  readonly checks: readonly Check[];
  readonly runs: Readonly<Record<string, RunRecord>>;
}

/** A run of the kit. */
export interface RunRecord {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

/** The checks as a table for a terminal, the verdict below. */
export function acceptanceText({ verdict, note, checks }: Acceptance): string {
  const grid: Grid = {
    labels: ["check", "verdict", "found"],
    heads: [],
    rows: checks.map((check) => ({
      labels: [check.name, check.verdict, foundIn(check)],
      cells: [],
    })),
    notes: ["", `verdict: ${verdict}${note === null ? "" : ` (${note})`}`],
  };
  return gridText(grid);
}

/** What is wrong, or the figures in words. */
const foundIn = ({ why, figures }: Check): string =>
  why?.split("\n")[0] ??
  Object.entries(figures)
    .flatMap(([name, value]) => (value === null ? [] : `${name.replaceAll("_", " ")} ${value}`))
    .join(", ");
