import type { Grid } from "../grid/grid.ts";
import type { Point } from "../line-panel.ts";
import type { CurvesFigure } from "./curves-model.ts";
import type { PredicatesFigure } from "./predicates-model.ts";
import { stackNotes } from "./table-words.ts";

/** The last values of the curves, for where no figure can be shown. */
export function curvesGrid({ rows, paper, notes, stacks }: CurvesFigure): Grid {
  const [first = []] = rows;
  return {
    labels: ["Panels", "Series", "Points"],
    heads: first.map(({ unit }) => ({ text: unit })),
    rows: rows.flatMap((row) =>
      (row[0]?.names ?? []).map((name) => {
        const own = row.map(({ points }) => points.filter(({ series }) => series === name));
        return {
          labels: [row[0]!.title, name, String(own[0]?.length ?? 0)],
          cells: own.map((points) => pointText(points.at(-1))),
        };
      }),
    ),
    notes: [
      ...paperNotes(paper),
      "The last point of each series.",
      ...(rows.some((row) => row.some(({ points }) => points.some(({ spread }) => spread)))
        ? ["±, and a bar in the figure: half the 95 % interval of the mean over so many seeds."]
        : []),
      ...stackNotes(stacks),
      ...notes.map((note) => `${note}.`),
    ],
  };
}

function pointText(point: Point | undefined): string {
  if (point === undefined) return "–";
  const { value, spread } = point;
  const beside = spread
    ? ` ± ${((spread.high - spread.low) / 2).toFixed(2)} (${spread.seeds})`
    : "";
  return `${value.toFixed(2)}${beside}`;
}

/** The mean recall over the predicates of each panel. */
export const predicatesGrid = ({ panels, at, paper, notes, stacks }: PredicatesFigure): Grid => ({
  labels: ["Predicates", "Series"],
  heads: [{ text: `mR@${at}, %` }],
  rows: panels.flatMap(({ title, names, bars }) =>
    names.map((name) => {
      const own = bars.filter(({ series }) => series === name);
      const sum = own.reduce((all, { recall }) => all + recall, 0);
      return {
        labels: [title, name],
        cells: [own.length === 0 ? "–" : (sum / own.length).toFixed(2)],
      };
    }),
  ),
  notes: [...paperNotes(paper), ...stackNotes(stacks), ...notes.map((note) => `${note}.`)],
});

const paperNotes = (paper: string | null): readonly string[] =>
  paper === null ? [] : [`Paper: ${paper}.`];
