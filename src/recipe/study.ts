import { z } from "zod";
import { count, natural, section, slug, text } from "./section.ts";

/** Within what a measured figure counts as the paper's: the larger of so many points and such a share of it. */
const tolerance = section({
  points: z.number().nonnegative().default(0.5),
  share: z.number().nonnegative().lt(1).default(0.05),
});

const shared = {
  name: slug,
  title: text,
  /** Which evaluation is set beside the paper's numbers. */
  compat: z.enum(["release", "strict"]).default("release"),
  /** One run a seed, several for a mean and its interval; without it the recipes' own. */
  seeds: z.array(natural).min(1).optional(),
  notes: z.array(text).default([]),
};

/** Whether a fill says what fills its cells, or why nothing does. */
const hasOneEnd = (fill: { run?: string | undefined; not_run?: string | undefined }) =>
  (fill.run === undefined) !== (fill.not_run === undefined);

/**
 * Which cells of a table a run fills: those of a row (all rows where none is named), in the columns whose
 * ids begin with `part` and a slash (all columns where none is named).
 *
 * A second run for the same cells has a `variant`, which labels its own line.
 */
const fill = section({
  row: text.optional(),
  part: text.optional(),
  run: text.optional(),
  not_run: text.optional(),
  variant: text.optional(),
}).refine(hasOneEnd, { error: "expected one of run and not_run" });

/** A table of the paper. `reads` gives for a column (its id after the slash) the path of its figure in metrics.json. */
const tableStudy = section({
  ...shared,
  kind: z.literal("table"),
  /** The id of a table in report/paper. */
  paper: text,
  reads: z.record(text, text),
  tolerance: tolerance.prefault({}),
  fills: z.array(fill).min(1),
});

const series = section({ name: text, run: text });

/**
 * Figures over the steps of training: a row of panels for each group of runs, a column for each metric.
 *
 * A series is an evaluation made again for every model that its training kept, `every` so many steps; a
 * line that of its last one.
 */
const curvesStudy = section({
  ...shared,
  kind: z.literal("curves"),
  paper: text,
  every: count,
  metrics: z.array(section({ head: text, reads: text })).min(1),
  rows: z
    .array(
      section({ title: text, series: z.array(series).min(1), lines: z.array(series).default([]) }),
    )
    .min(1),
});

/** Recall by predicate, the frequent ones apart from the rare. */
const predicatesStudy = section({
  ...shared,
  kind: z.literal("predicates"),
  paper: text,
  /** The cutoff K of the recall. */
  at: z.enum(["20", "50", "100"]),
  panels: z
    .array(section({ title: text, head: count, tail: count, series: z.array(series).min(1) }))
    .min(1),
});

/** What is run for a table or a figure of the paper. */
export const studySchema = z.discriminatedUnion(
  "kind",
  [tableStudy, curvesStudy, predicatesStudy],
  { error: "expected one of table, curves, predicates" },
);

/** A checked study. */
export type Study = z.infer<typeof studySchema>;

/** The study of one kind. */
export type StudyOf<Kind extends Study["kind"]> = Extract<Study, { readonly kind: Kind }>;

/** The recipes that a study names, each once, in order. */
export function studyRuns(study: Study): readonly string[] {
  const runs =
    study.kind === "table"
      ? study.fills.flatMap(({ run }) => (run === undefined ? [] : [run]))
      : study.kind === "curves"
        ? study.rows.flatMap((row) => [...row.series, ...row.lines].map(({ run }) => run))
        : study.panels.flatMap((panel) => panel.series.map(({ run }) => run));
  return [...new Set(runs)];
}
