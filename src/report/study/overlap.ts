import type { Study } from "../../recipe/study.ts";
import type { Grid } from "../grid/grid.ts";
import type { RunsOf, StudyRun } from "./run.ts";
import type { RunRows } from "./run-folder.ts";

/** Rows of a run, where they are. */
export interface PlacedRows {
  readonly folder: string;
  readonly rows: RunRows;
}

/** A set of rows that a model was trained on, and one that it was asked about. */
export interface OverlapPair {
  readonly trained: PlacedRows;
  readonly tested: PlacedRows;
}

/** How many test images are training images too. */
export interface Overlap {
  readonly trained: string;
  readonly tested: string;
  /** Of the test set; null where its rows are not here. */
  readonly images: number | null;
  /** Null where it was not computed. */
  readonly shared: number | null;
  /** What the images were told by, or why they could not be. */
  readonly by: string;
}

/** Every pair of a training set and a test set that runs of a study have, each once. */
export function overlapPairs(study: Study, runs: RunsOf): readonly OverlapPair[] {
  if (study.kind !== "table" || study.overlap !== true) return [];
  const paths = new Set(study.fills.flatMap(({ run }) => run ?? []));
  const pairs = [...paths].flatMap((path) => (runs.get(path) ?? []).flatMap(pairsOf));
  const key = ({ trained, tested }: OverlapPair) => `${trained.rows.source} ${tested.rows.source}`;
  return [...new Map(pairs.map((pair) => [key(pair), pair])).values()];
}

const pairsOf = ({ tested, trained, folder }: StudyRun): readonly OverlapPair[] =>
  tested === null ? [] : trained.map((one) => ({ trained: one, tested: { folder, rows: tested } }));

/** The title of the table of overlaps. */
export const overlapTitle = "Test images that are training images too";

/** Overlaps as a table; a sentence where no run has both sets. */
export function overlapGrid(overlaps: readonly Overlap[]): Grid {
  return {
    labels: ["Trained on", "Tested on", "Told by"],
    heads: [{ text: "Test images" }, { text: "Of them trained on" }, { text: "%" }],
    rows: overlaps.map(({ trained, tested, images, shared, by }) => ({
      labels: [trained, tested, shared === null ? "–" : by],
      cells: [
        images === null ? "–" : String(images),
        shared === null ? "not computed" : String(shared),
        shared === null || !images ? "–" : ((100 * shared) / images).toFixed(2),
      ],
    })),
    notes:
      overlaps.length === 0
        ? ["Not computed: no run here has a model that was trained and then tested."]
        : overlaps
            .filter(({ shared }) => shared === null)
            .map(({ trained, tested, by }) => `${trained} and ${tested}: not computed, for ${by}.`),
  };
}
