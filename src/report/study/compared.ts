import type { Study } from "../../recipe/study.ts";
import type { PaperTable } from "../paper/tables.ts";
import { tableOf } from "./own-table.ts";
import type { RunsOf, StudyRun } from "./run.ts";

/** A run whose answers are set beside those of others, under the name of its row or series. */
export interface ComparedRun {
  readonly name: string;
  readonly run: StudyRun;
}

/** Runs that were asked about the same rows. */
export interface Comparison {
  readonly title: string;
  /** Of the classes, as the runs' recipes name them. */
  readonly classes: string | null;
  readonly runs: readonly ComparedRun[];
}

/**
 * The evaluations of studies whose answers can be set side by side: for each row or series the last that
 * is done, of the last model, by the rows that they were asked about.
 */
export function comparisons(studies: readonly Study[], runs: RunsOf): readonly Comparison[] {
  const found = new Map<string, ComparedRun>();
  for (const { name, path } of studies.flatMap(named)) {
    const run = runs
      .get(path)
      ?.findLast((one) => one.state === "done" && one.stage === "eval" && one.checkpoint === null);
    if (run?.tested && !found.has(run.id)) found.set(run.id, { name, run });
  }
  const byRows = Map.groupBy(found.values(), ({ run }) => run.tested!.source);
  return [...byRows.values()].map((all) => {
    const { name, classes } = all[0]!.run.tested!;
    return { title: name, classes, runs: all };
  });
}

/** The recipes of a study with the names of their rows or series. */
function named(study: Study): readonly { readonly name: string; readonly path: string }[] {
  if (study.kind === "table") {
    const paper = tableOf(study);
    return study.fills.flatMap(({ row, run, variant }) =>
      run === undefined ? [] : [{ name: rowName(paper, row, variant), path: run }],
    );
  }
  const series =
    study.kind === "curves"
      ? study.rows.flatMap((row) =>
          [...row.lines, ...row.series].map((one) => ({
            ...one,
            name: `${row.title}: ${one.name}`,
          })),
        )
      : study.panels.flatMap((panel) => panel.series);
  return series.map(({ name, run }) => ({ name, path: run }));
}

/** The labels of a row in one line: `SFT, PSG, with classes in the prompt`. */
function rowName(paper: PaperTable, id: string | undefined, variant: string | undefined): string {
  const row = paper.rows.find((one) => one.id === id);
  const labels = row?.labels.flatMap((label, i) => {
    if (label === "–") return [];
    const head = paper.labels[i]?.toLowerCase();
    return label === "yes" ? `with ${head}` : label === "no" ? `without ${head}` : label;
  });
  return [...(labels ?? [id ?? "all rows"]), row?.group, variant]
    .filter((part) => part !== undefined)
    .join(", ");
}
