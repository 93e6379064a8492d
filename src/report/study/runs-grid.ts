import type { Grid } from "../grid/grid.ts";
import type { StudyRun } from "./run.ts";

/** Where the numbers of a study come from, a run a line. */
export const runsGrid = (runs: readonly StudyRun[]): Grid => ({
  labels: [
    "Run",
    "Recipe",
    "Seed",
    "Step",
    "Rewards",
    "Model",
    "Data",
    "Hardware",
    "Stack",
    "Code",
  ],
  heads: [],
  rows: runs.map(({ id, recipe, seed, checkpoint, facts }) => ({
    labels: [
      ...[id, recipe, String(seed), checkpoint === null ? "last" : String(checkpoint)],
      ...[facts.profile ?? "–", facts.model, facts.data, facts.hardware, facts.stack, facts.code],
    ],
    cells: [],
  })),
  notes: [],
});
