import type { Grid } from "../grid/grid.ts";
import type { JudgedRun } from "./run.ts";

/**
 * Where the numbers of a study come from, a run a line; its id begins with the name of its recipe.
 *
 * `changed` is a recipe with other values than the study's; `Judged` the compat mode of `r1sgg eval`.
 */
export const runsGrid = (runs: readonly JudgedRun[]): Grid => ({
  labels: [
    "Run",
    "Recipe",
    "Seed",
    "Step",
    "Judged",
    "Rewards",
    "Model",
    "Data",
    "Hardware",
    "Stack",
    "Code",
  ],
  heads: [],
  rows: runs.map(({ id, changed, seed, checkpoint, compat, facts }) => ({
    labels: [
      ...[
        id,
        changed ? "changed" : "as it stands",
        String(seed),
        checkpoint === null ? "last" : String(checkpoint),
        compat ?? "–",
      ],
      ...[facts.profile ?? "–", facts.model, facts.data, facts.hardware, facts.stack, facts.code],
    ],
    cells: [],
  })),
  notes: [],
});
