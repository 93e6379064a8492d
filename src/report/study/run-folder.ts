/** The rows that a run trains on, or is asked about. */
export interface RunRows {
  /** The same for the same rows. */
  readonly source: string;
  /** For people. */
  readonly name: string;
  /** The data set by its list of classes, a name or a path; null where the rows have their own. */
  readonly classes: string | null;
}

/** What a run's folder says of it: recipe.yaml, plan.json, record.json, facts.json and metrics.json. */
export interface RunFolder {
  readonly id: string;
  /** Its path. */
  readonly folder: string;
  readonly name: string;
  readonly stage: string;
  readonly rows: RunRows | null;
  readonly seed: number;
  /** By it a run that starts from this one finds it. */
  readonly recipeHash: string;
  /** The recipe that it starts from. */
  readonly upstreamHash: string | null;
  /** The step of the model that it asks; null for the last. */
  readonly checkpoint: number | null;
  readonly steps: number | null;
  readonly state: "queued" | "running" | "done" | "failed";
  /** Of the base model and of the rows, `id@commit`; null where the recipe has none. */
  readonly model: string | null;
  readonly data: string | null;
  readonly profile: string | null;
  readonly stack: string | null;
  readonly hardware: string | null;
  readonly code: string | null;
  readonly metrics: unknown;
}
