import { refine } from "../../core/graph/names.ts";
import type { Target } from "../../core/graph/scene-graph.ts";
import { constrained, firstHits } from "../../core/metrics/first-hits.ts";
import type { EvaluationRow } from "../../core/metrics/judge.ts";
import { recallOf } from "../../core/metrics/per-image.ts";
import type { Protocol } from "../../core/metrics/protocol.ts";
import { emptyScene, toScene } from "../../core/metrics/scene.ts";
import type { ImageSummary } from "./choose-images.ts";

/** An image and the answers to it, in so many numbers as it takes to choose among thousands. */
export function summaryOf(
  target: Target,
  predictions: readonly EvaluationRow["prediction"][],
  { truth, answer, main }: Protocol,
): ImageSummary {
  const wanted = toScene(target, truth).triplets;
  return {
    recalls: predictions.map((prediction) => {
      const said = prediction?.ok ? toScene(prediction.graph, answer) : emptyScene;
      const ranks = firstHits(wanted, constrained(said.triplets), main.overlap);
      return recallOf(ranks)?.["100"] ?? null;
    }),
    failed: predictions.map((prediction) => prediction?.ok !== true),
    predicates: [...new Set(target.relationships.map(({ predicate }) => refine(predicate)))],
  };
}
