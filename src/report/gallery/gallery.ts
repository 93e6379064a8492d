import type { Target } from "../../core/graph/scene-graph.ts";
import type { EvaluationRow } from "../../core/metrics/judge.ts";
import type { Protocol } from "../../core/metrics/protocol.ts";

/** What one model said to an image. */
export interface GalleryAnswer {
  /** The answer read as a graph in pixels, the reason why it is none, or undefined for no answer. */
  readonly prediction: EvaluationRow["prediction"];
  readonly response: string | undefined;
  /** Of training, where they were asked for. */
  readonly rewards?: Readonly<Record<string, number>>;
}

/** One image with its truth and what each model said, in the order of the gallery's models. */
export interface GalleryImage {
  readonly target: Target;
  /** A data URL of any size; null where there is no picture. */
  readonly picture: string | null;
  /** Why there is no picture, a sentence. */
  readonly note: string | null;
  readonly answers: readonly GalleryAnswer[];
}

/** Images of one data set with the answers of the models that are compared. */
export interface Gallery {
  /** The name of the data set. */
  readonly title: string;
  readonly models: readonly string[];
  readonly images: readonly GalleryImage[];
  /** How answers are judged: a strict one. */
  readonly protocol: Protocol;
  /** What was chosen and what was left out, sentences. */
  readonly notes: readonly string[];
}
