/** `not run`: this machine cannot; `open`: it was not reached, or did not get so far. */
export type CheckVerdict = "passed" | "failed" | "not run" | "open";

/** One thing that was looked at, with what was found. */
export interface Check {
  readonly name: string;
  readonly verdict: CheckVerdict;
  /** What was found wrong, or why it was not run; null for one that passed. */
  readonly why: string | null;
  /** By name and unit, rounded to four digits. */
  readonly figures: Readonly<Record<string, number | string | null>>;
}

/** Of several checks: failed or open as soon as one is; what a machine cannot do does not count. */
export const verdictOf = (checks: readonly Check[]): "passed" | "failed" | "open" => {
  const has = (wanted: CheckVerdict) => checks.some(({ verdict }) => verdict === wanted);
  return has("failed") ? "failed" : has("open") ? "open" : "passed";
};

/** Four significant digits: more would say more than one run can. */
export const rounded = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

/** Undefined of none. */
export const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, one) => sum + one, 0) / values.length;

/** The upper one of two in the middle; undefined of none. */
export const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The largest; undefined of none. */
export const largest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values);
