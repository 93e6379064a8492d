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
  /** What a reader should know of the choice. */
  readonly notes: readonly string[];
}

/**
 * The evaluations of studies whose answers can be set side by side, of the last model, by the rows that
 * they were asked about: for each row or series one that is done, of several seeds the one that most of them
 * have and of that the last.
 */
export function comparisons(studies: readonly Study[], runs: RunsOf): readonly Comparison[] {
  const candidates = studies.flatMap(named).flatMap(({ name, path }) => {
    const done = (runs.get(path) ?? []).filter(
      ({ state, stage, checkpoint, tested }) =>
        state === "done" && stage === "eval" && checkpoint === null && tested !== null,
    );
    const seeds = [...new Set(done.map((run) => run.seed))];
    return done.length === 0 ? [] : [{ name, done, seeds }];
  });
  const seed = commonest(candidates.flatMap(({ seeds }) => seeds));
  const found = new Map<string, ComparedRun>();
  for (const { name, done } of candidates) {
    const run = done.findLast((one) => one.seed === seed) ?? done.at(-1)!;
    if (!found.has(run.id)) found.set(run.id, { name, run });
  }
  const chosen = candidates.some(({ seeds }) => seeds.length > 1);
  const notes = chosen ? [`Answers are those of seed ${seed}.`] : [];
  const byRows = Map.groupBy(found.values(), ({ run }) => run.tested!.source);
  return [...byRows.values()].map((all) => {
    const { name, classes } = all[0]!.run.tested!;
    const others = all.filter(({ run }) => chosen && run.seed !== seed);
    const words = others.map((one) => `Those of ${one.name} are of seed ${one.run.seed}.`);
    return { title: name, classes, runs: all, notes: [...notes, ...words] };
  });
}

/** The number that comes most often, of several the least. */
function commonest(numbers: readonly number[]): number | undefined {
  const counts = Map.groupBy(numbers, (one) => one);
  return [...counts]
    .toSorted(([a, as], [b, bs]) => bs.length - as.length || a - b)
    .map(([one]) => one)[0];
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
