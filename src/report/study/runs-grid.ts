import type { Grid } from "../grid/grid.ts";
import type { StudyRun } from "./run.ts";

/** Where the numbers of a study come from, a run a line; its id begins with the name of its recipe. */
export const runsGrid = (runs: readonly StudyRun[]): Grid => ({
  labels: ["Run", "Seed", "Step", "Rewards", "Model", "Data", "Hardware", "Stack", "Code"],
  heads: [],
  rows: runs.map(({ id, seed, checkpoint, facts }) => ({
    labels: [
      ...[id, String(seed), checkpoint === null ? "last" : String(checkpoint)],
      ...[facts.profile ?? "–", facts.model, facts.data, facts.hardware, facts.stack, facts.code],
    ],
    cells: [],
  })),
  notes: [],
});
