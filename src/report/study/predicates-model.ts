import { meanInterval } from "../../core/statistics/mean-interval.ts";
import type { StudyOf } from "../../recipe/study.ts";
import { standing } from "./remark.ts";
import { type RunsOf, readFigure, type StudyRun } from "./run.ts";
import { metricsFor } from "./table-model.ts";

/** A predicate, how often the truth has it, and its recall in one series. */
export interface PredicateBar {
  readonly predicate: string;
  readonly relations: number;
  readonly series: string;
  /** Percent. */
  readonly recall: number;
}

/** Some predicates of one data set, the frequent ones first. */
export interface PredicatesPanel {
  readonly title: string;
  readonly bars: readonly PredicateBar[];
  /** All series in the study's order, those without a bar with the words that say why. */
  readonly names: readonly string[];
  /** Of each without a figure a line that says why. */
  readonly missing: readonly string[];
}

/** Recall by predicate, head and tail of each data set. */
export interface PredicatesFigure {
  readonly study: string;
  readonly title: string;
  /** The paper's figure; null where it has none. */
  readonly paper: string | null;
  readonly at: string;
  readonly panels: readonly PredicatesPanel[];
  readonly stacks: readonly string[];
  readonly runs: readonly StudyRun[];
  readonly notes: readonly string[];
}

type Study = StudyOf<"predicates">;

/**
 * Recall by predicate from the evaluations that are done, the mean over seeds; predicates in the order
 * of how often the truth has them. A series is measured on the stack of its last run.
 */
export function predicatesFigure(study: Study, runs: RunsOf): PredicatesFigure {
  const used: StudyRun[] = [];
  const panels = study.panels.flatMap((panel) => {
    const series = panel.series.map(({ name, run }) => ({
      name,
      runs: lastOnes(runs.get(run) ?? []),
      standing: standing(runs.get(run)),
    }));
    used.push(...series.flatMap((one) => one.runs));
    const missing = series
      .filter((one) => one.runs.length === 0)
      .map((one) => `${one.name}: ${one.standing}`);
    const names = series.map((one) =>
      one.runs.length === 0 ? `${one.name} (${one.standing})` : one.name,
    );
    const frequencies = frequenciesIn(series.flatMap((one) => one.runs)[0], study.compat);
    const barsOf = (part: readonly Frequency[]): readonly PredicateBar[] =>
      part.flatMap(({ predicate, relations }) =>
        series.flatMap((one) => {
          const values = one.runs.flatMap((run) => {
            const metrics = metricsFor(run.metrics, study.compat);
            return readFigure(metrics, `per_predicate.${predicate}.recall.${study.at}`) ?? [];
          });
          if (values.length === 0) return [];
          return [{ predicate, relations, series: one.name, recall: meanInterval(values).mean }];
        }),
      );
    const { title, head, tail } = panel;
    return [
      {
        title: `${title}: the ${head} most frequent predicates`,
        bars: barsOf(frequencies.slice(0, head)),
        names,
        missing,
      },
      {
        title: `${title}: the ${tail} after them`,
        bars: barsOf(frequencies.slice(head, head + tail)),
        names,
        missing,
      },
    ];
  });
  return {
    ...{ study: study.name, title: study.title, paper: study.paper ?? null, at: study.at, panels },
    stacks: [...new Set(used.map(({ facts }) => facts.stack))],
    runs: used,
    notes: study.notes,
  };
}

/** The done runs of the last model, on the stack of the last of them, each seed once. */
function lastOnes(runs: readonly StudyRun[]): readonly StudyRun[] {
  const done = runs.filter(
    (run) => run.state === "done" && run.checkpoint === null && run.metrics !== null,
  );
  const stack = done.at(-1)?.facts.stack;
  const own = done.filter(({ facts }) => facts.stack === stack);
  return [...new Map(own.map((run) => [run.seed, run])).values()];
}

interface Frequency {
  readonly predicate: string;
  readonly relations: number;
}

/** The predicates that the truth of a run has, the most frequent first. */
function frequenciesIn(run: StudyRun | undefined, compat: string): readonly Frequency[] {
  const metrics = metricsFor(run?.metrics, compat);
  const list = (metrics as { per_predicate?: unknown } | null)?.per_predicate;
  if (!Array.isArray(list)) return [];
  return list
    .flatMap((one: { predicate?: unknown; relationships?: unknown }) =>
      typeof one.predicate === "string" &&
      typeof one.relationships === "number" &&
      one.relationships > 0
        ? [{ predicate: one.predicate, relations: one.relationships }]
        : [],
    )
    .toSorted((a, b) => b.relations - a.relations || (a.predicate < b.predicate ? -1 : 1));
}
