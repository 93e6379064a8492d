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

/** A table that the paper has not: its rows and columns, of which ours are the only figures. */
const ownTable = section({
  labels: z.array(text).min(1),
  columns: z
    .array(
      section({
        id: text,
        head: text,
        group: text.optional(),
        /** A row: only the images whose answer in that row can be read count, as a mean over them. */
        where_valid: text.optional(),
      }),
    )
    .min(1),
  rows: z
    .array(
      section({
        id: text,
        group: text.optional(),
        labels: z.array(text).min(1),
        /** The row to which its differences are told. */
        from: text.optional(),
      }),
    )
    .min(1),
});

/** A table of a study's own. */
export type OwnTable = z.infer<typeof ownTable>;

/**
 * A table of the paper, or one of our own. `reads` gives for a column (its id after the slash) the path of
 * its figure in metrics.json.
 */
const tableStudy = section({
  ...shared,
  kind: z.literal("table"),
  /** The id of a table in report/paper. */
  paper: text.optional(),
  table: ownTable.optional(),
  reads: z.record(text, text),
  tolerance: tolerance.prefault({}),
  /** Whether images of the training sets are looked for among those of the test sets. */
  overlap: z.boolean().optional(),
  fills: z.array(fill).min(1),
})
  .refine(({ paper, table }) => (paper === undefined) !== (table === undefined), {
    error: "expected one of paper and table",
  })
  .superRefine(({ table, fills, reads }, context) => {
    if (table === undefined) return;
    const ids = table.rows.map(({ id }) => id);
    const unknown = (path: (string | number)[], input: string | undefined) => {
      if (input !== undefined && !ids.includes(input))
        context.addIssue({ code: "invalid_value", values: ids, input, path });
    };
    for (const [i, { row }] of fills.entries()) unknown(["fills", i, "row"], row);
    for (const [i, { from }] of table.rows.entries()) unknown(["table", "rows", i, "from"], from);
    for (const [i, { id }] of table.columns.entries())
      if (!Object.hasOwn(reads, lastPart(id))) {
        const message = `expected reads to have ${lastPart(id)}`;
        context.addIssue({
          code: "custom",
          message,
          input: id,
          path: ["table", "columns", i, "id"],
        });
      }
  });

const lastPart = (id: string): string => id.split("/").at(-1)!;

/** `start` is the evaluation of what a training starts from: the point at step 0. */
const series = section({ name: text, run: text, start: text.optional() });

/**
 * Figures over the steps of training: a row of panels for each group of runs, a column for each metric.
 *
 * A series is an evaluation made again for every model that its training kept, `every` so many steps; a
 * line that of its last one.
 */
const curvesStudy = section({
  ...shared,
  kind: z.literal("curves"),
  paper: text.optional(),
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
  paper: text.optional(),
  /** The cutoff K of the recall. */
  at: z.enum(["20", "50", "100"]),
  panels: z
    .array(section({ title: text, head: count, tail: count, series: z.array(series).min(1) }))
    .min(1),
});

/** Studies that are launched as one graph and reported on one page. `seeds` are those of its studies that name none. */
const groupOfStudies = section({
  kind: z.literal("group"),
  ...{ name: slug, title: text, seeds: shared.seeds, notes: shared.notes },
  studies: z.array(text).min(1),
});

/** A file of a study: what is run for a table or a figure, or several of them. */
export const studySchema = z.discriminatedUnion(
  "kind",
  [tableStudy, curvesStudy, predicatesStudy, groupOfStudies],
  { error: "expected one of table, curves, predicates, group" },
);

/** What is run for a table or a figure. */
export type Study = Exclude<z.infer<typeof studySchema>, { readonly kind: "group" }>;

/** Studies under one title; one that stands alone is a group of itself. */
export interface StudyGroup {
  readonly name: string;
  readonly title: string;
  readonly notes: readonly string[];
  readonly studies: readonly Study[];
}

/** The study of one kind. */
export type StudyOf<Kind extends Study["kind"]> = Extract<Study, { readonly kind: Kind }>;

/** The recipes that a study names, each once, in order. */
export function studyRuns(study: Study): readonly string[] {
  const runs =
    study.kind === "table"
      ? study.fills.flatMap(({ run }) => run ?? [])
      : study.kind === "curves"
        ? study.rows.flatMap(curvesRuns)
        : study.panels.flatMap((panel) => panel.series.map(({ run }) => run));
  return [...new Set(runs)];
}

const curvesRuns = ({ series, lines }: StudyOf<"curves">["rows"][number]): readonly string[] => [
  ...series.flatMap(({ start, run }) => [...(start === undefined ? [] : [start]), run]),
  ...lines.map(({ run }) => run),
];
