import { meanInterval } from "../../core/statistics/mean-interval.ts";
import type { StudyOf } from "../../recipe/study.ts";
import type { Point } from "../line-panel.ts";
import { standing } from "./remark.ts";
import { type RunsOf, readFigure, type StudyRun } from "./run.ts";
import { metricsFor } from "./table-model.ts";

/** A panel of curves: its points, the values of its level lines, and the series that have none. */
export interface CurvesPanel {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly Point[];
  readonly levels: readonly { readonly name: string; readonly value: number }[];
  /** All series in the study's order, those without a point with the words that say why. */
  readonly names: readonly string[];
  /** Of each without a figure a line that says why. */
  readonly missing: readonly string[];
}

/** The panels of a figure, row by row, and the runs that gave it a point. */
export interface CurvesFigure {
  readonly study: string;
  readonly title: string;
  /** The paper's figure; null where it has none. */
  readonly paper: string | null;
  readonly rows: readonly (readonly CurvesPanel[])[];
  readonly stacks: readonly string[];
  readonly runs: readonly StudyRun[];
  readonly notes: readonly string[];
}

type Study = StudyOf<"curves">;

/**
 * The curves of a study from the evaluations that are done.
 *
 * A point is the mean over seeds at one step, with its interval; the last model stands at the last step of its training, what
 * it started from at step 0. One line has one stack: where a series was run on several, each is a series.
 */
export function curvesFigure(study: Study, runs: RunsOf): CurvesFigure {
  const used = new Set<StudyRun>();
  const panel = (row: Study["rows"][number], metric: Study["metrics"][number]): CurvesPanel => {
    const value = (run: StudyRun) =>
      readFigure(metricsFor(run.metrics, study.compat), metric.reads);
    const drawn = row.series.map((one) => ({ ...one, points: pointsOf(one, runs, value, used) }));
    const levels = row.lines.map((one) => ({ ...one, value: levelOf(one.run, runs, value, used) }));
    return {
      title: row.title,
      unit: metric.head,
      points: drawn.flatMap(({ points }) => points),
      levels: levels.flatMap(({ name, value: at }) => (at === null ? [] : [{ name, value: at }])),
      names: drawn.flatMap(({ name, run, points }) =>
        points.length === 0
          ? [`${name} (${standing(runs.get(run))})`]
          : [...new Set(points.map(({ series }) => series))],
      ),
      missing: [
        ...drawn.filter(({ points }) => points.length === 0),
        ...levels.filter(({ value: at }) => at === null),
      ].map(({ name, run }) => `${name}: ${standing(runs.get(run))}`),
    };
  };
  const rows = study.rows.map((row) => study.metrics.map((metric) => panel(row, metric)));
  return {
    ...{ study: study.name, title: study.title, paper: study.paper ?? null, rows },
    stacks: [...new Set([...used].map(({ facts }) => facts.stack))],
    runs: [...used],
    notes: study.notes,
  };
}

type Value = (run: StudyRun) => number | null;

function pointsOf(
  { name, run, start }: Study["rows"][number]["series"][number],
  runs: RunsOf,
  value: Value,
  used: Set<StudyRun>,
): readonly Point[] {
  const trained = measuredOf(run, runs, value, used).flatMap((one) => {
    const step = one.run.checkpoint ?? one.run.steps;
    return step === null ? [] : [{ ...one, step, stack: one.run.facts.stack }];
  });
  const stacks = [...new Set(trained.map(({ stack }) => stack))];
  const begun = start === undefined ? [] : lastModels(measuredOf(start, runs, value, used));
  const measured = [
    ...begun.map((one) => ({ ...one, step: 0, stack: one.run.facts.stack })),
    ...trained,
  ];
  return stacks.flatMap((stack, i) => {
    const own = measured.filter((one) => one.stack === stack);
    const steps = Map.groupBy(own, ({ step }) => step);
    const series = stacks.length > 1 ? `${name} [${String.fromCodePoint(65 + i)}]` : name;
    return [...steps]
      .toSorted(([a], [b]) => a - b)
      .map(([step, all]) => {
        const { mean, interval, count } = meanInterval(all.map((one) => one.value));
        const spread = interval && { seeds: count, low: interval[0], high: interval[1] };
        return { step, value: mean, series, ...(spread && { spread }) };
      });
  });
}

/** The mean over seeds of the last model, on the stack of the last run. */
function levelOf(run: string, runs: RunsOf, value: Value, used: Set<StudyRun>): number | null {
  const last = lastModels(measuredOf(run, runs, value, used));
  const stack = last.at(-1)?.run.facts.stack;
  const own = last.filter((one) => one.run.facts.stack === stack);
  return own.length === 0 ? null : meanInterval(own.map((one) => one.value)).mean;
}

const lastModels = <T extends { readonly run: StudyRun }>(all: readonly T[]): readonly T[] =>
  all.filter(({ run }) => run.checkpoint === null);

/** Runs of a recipe that have the figure; of one seed, step and stack the last. */
function measuredOf(run: string, runs: RunsOf, value: Value, used: Set<StudyRun>) {
  const found = (runs.get(run) ?? []).flatMap((one) => {
    const figure = one.state === "done" ? value(one) : null;
    return figure === null ? [] : [{ run: one, value: figure }];
  });
  const last = new Map(
    found.map((one) => [`${one.run.seed} ${one.run.checkpoint} ${one.run.facts.stack}`, one]),
  );
  for (const one of last.values()) used.add(one.run);
  return [...last.values()];
}
