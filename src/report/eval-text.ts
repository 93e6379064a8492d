import type { Confidence } from "../core/metrics/bootstrap.ts";
import type { StrictMetrics } from "../core/metrics/evaluate.ts";
import { groupNames } from "../core/metrics/predicate-groups.ts";
import type { AtCutoffs } from "../core/metrics/recall.ts";
import type { ReleaseMetrics } from "../core/metrics/release/metrics.ts";
import {
  alignedLines,
  type FigureLine,
  figureText,
  intervalText,
  linesAtCutoffs,
} from "./figure-lines.ts";
import { metricsTableText } from "./table.ts";

type Evaluated = (StrictMetrics | ReleaseMetrics) & { readonly confidence: Confidence | null };

/** The figures of an evaluation for a terminal: the table, then each figure with its interval. */
export function evalText(method: string, metrics: Evaluated): string {
  const { confidence, groups } = metrics;
  const head: FigureLine = {
    name: "",
    cells: ["percent", ...(confidence ? [`${confidence.level} % interval`] : [])],
  };
  const groupNote = groupNames
    .map((name) => `${groups[name].predicates.length} ${name}`)
    .join(", ");
  const notes = [
    `Predicates by frequency in ${groups.frequencies}: ${groupNote}.`,
    ...(confidence
      ? [
          `Intervals: bootstrap over images, ${confidence.samples} samples, seed ${confidence.seed}.`,
        ]
      : []),
  ];
  return [
    metricsTableText([{ method, ...metrics }]),
    alignedLines([head, ...lines(metrics)]),
    `${notes.join("\n")}\n`,
  ].join("\n");
}

function lines(metrics: Evaluated): readonly FigureLine[] {
  const { confidence, groups } = metrics;
  const one = (
    name: string,
    key: "failure_rate" | "ap50" | "micro_recall" | "per_image_recall",
  ) => ({
    name,
    cells: [figureText(metrics[key]), intervalText(confidence?.[key])],
  });
  const atK = (name: string, key: "recall" | "mean_recall" | "zero_shot_recall") =>
    linesAtCutoffs(name, (at) => [
      figureText(metrics[key]?.[at]),
      intervalText(confidence?.[key]?.[at]),
    ]);
  const plain = (name: string, figures: AtCutoffs | null) =>
    linesAtCutoffs(name, (at) => [figureText(figures?.[at])]);
  return [
    one("Failure rate", "failure_rate"),
    one("AP50", "ap50"),
    { name: "AP", cells: [figureText(metrics.ap)] },
    ...atK("R", "recall"),
    ...atK("mR", "mean_recall"),
    ...groupNames.flatMap((group) => plain(`mR ${group} `, groups[group].mean_recall)),
    ...(metrics.zero_shot_recall ? atK("zR", "zero_shot_recall") : []),
    ...(metrics.compat === "strict"
      ? [...plain("ng-R", metrics.ng_recall), ...plain("ng-mR", metrics.ng_mean_recall)]
      : []),
    one("Micro recall", "micro_recall"),
    one("Per-image recall", "per_image_recall"),
  ];
}
