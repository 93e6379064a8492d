import type { Summary } from "./summary.ts";

/** How a reward came out over many completions. */
export interface RewardTally {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** The outcome of a whole file. */
export interface Tally {
  readonly completions: number;
  readonly rewards: Readonly<Record<string, RewardTally>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
}

/** Adds up summaries, one after the other, in constant memory. */
export interface Counter {
  readonly add: (summary: Summary) => void;
  readonly tally: () => Tally;
}

/** A counter of nothing yet, for the rewards of some names. */
export function createCounter(names: readonly string[]): Counter {
  const sums = new Map(names.map((name) => [name, { sum: 0, least: Infinity, most: -Infinity }]));
  const outcomes: Record<string, number> = {};
  const failures: Record<string, number> = {};
  let completions = 0;
  return {
    add: (summary) => {
      for (const [name, values] of Object.entries(summary.rewards)) {
        const all = sums.get(name)!;
        for (const value of values) {
          all.sum += value;
          all.least = Math.min(all.least, value);
          all.most = Math.max(all.most, value);
        }
      }
      for (const [outcome, count] of Object.entries(summary.outcomes)) {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
        completions += count;
      }
      for (const [reason, count] of Object.entries(summary.failures)) {
        failures[reason] = (failures[reason] ?? 0) + count;
      }
    },
    tally: () => ({
      ...{ completions, outcomes, failures },
      rewards: Object.fromEntries(
        [...sums].map(([name, { sum, least, most }]) => [
          name,
          { mean: sum / completions, least, most },
        ]),
      ),
    }),
  };
}
