import type { ImageFigures } from "../../core/metrics/per-image.ts";
import type { RunRows } from "./run-folder.ts";

/** What makes numbers comparable: code, models and libraries by version. */
export interface RunFacts {
  /** Versions of what computed the numbers: `torch 2.13.0, vllm 0.31.0, trl 1.16.0`. */
  readonly stack: string;
  readonly hardware: string;
  readonly code: string;
  readonly model: string;
  readonly data: string;
  /** Of the rewards; null for a model that none were given. */
  readonly profile: string | null;
}

/** A run of a recipe, as its folder says. */
export interface StudyRun {
  readonly id: string;
  /** The recipe's name. */
  readonly recipe: string;
  /** Of the recipe that was run. */
  readonly recipeHash: string;
  /** Whether that is another than the study's recipe as it stands: changed by `--set`, or since. */
  readonly changed: boolean;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly seed: number;
  /** The step of the model that was asked; null for the last. */
  readonly checkpoint: number | null;
  /** How many its training had; null where nothing was trained. */
  readonly steps: number | null;
  readonly facts: RunFacts;
  readonly stage: "eval" | "vqa";
  /** Where its files are. */
  readonly folder: string;
  /** What it was asked about. */
  readonly tested: RunRows | null;
  /** The trainings behind it, the last first, with the folders of theirs. */
  readonly trained: readonly { readonly folder: string; readonly rows: RunRows }[];
  /** Its metrics.json, once it is there. */
  readonly metrics: unknown;
  /** The figures of each image, where a study asks for them. */
  readonly images?: readonly ImageFigures[];
}

/** A run as a study reads it: by which compat mode it was judged, null for what has none. */
export type JudgedRun = StudyRun & { readonly compat: string | null };

/** The runs of each recipe, by its path, the older ones first. */
export type RunsOf = ReadonlyMap<string, readonly StudyRun[]>;

/**
 * The figure at a path of metrics.json, as `recall.20`; null where there is none.
 *
 * In a list a step is the item whose `setting`, `predicate` or `method` it is.
 */
export function readFigure(metrics: unknown, path: string): number | null {
  let value = metrics;
  for (const step of path.split(".")) {
    if (Array.isArray(value)) value = value.find((item) => namesOf(item).includes(step));
    else if (typeof value === "object" && value !== null && Object.hasOwn(value, step))
      value = (value as Record<string, unknown>)[step];
    else return null;
  }
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

const namesOf = (item: unknown): readonly unknown[] => {
  if (typeof item !== "object" || item === null) return [];
  const { setting, predicate, method } = item as Record<string, unknown>;
  return [setting, predicate, method];
};
