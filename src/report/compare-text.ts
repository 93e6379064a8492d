import type { Comparison } from "../core/metrics/compare.ts";
import {
  alignedLines,
  type FigureLine,
  figureText,
  intervalText,
  linesAtCutoffs,
} from "./figure-lines.ts";

/** A comparison for a terminal: each figure of both sides, then the images that differ most. */
export function compareText(
  files: { readonly a: string; readonly b: string },
  comparison: Comparison,
): string {
  const { images, samples, seed, level, by_image: byImage } = comparison;
  const head = { name: "", cells: ["A", "B", "B - A", samples > 0 ? `${level} % interval` : ""] };
  const notes = [
    `A: ${files.a}`,
    `B: ${files.b}`,
    `${images} images, percent${samples > 0 ? `; intervals of the difference: paired bootstrap over images, ${samples} samples, seed ${seed}` : ""}`,
  ];
  const parts = [`${notes.join("\n")}\n`, alignedLines([head, ...lines(comparison)])];
  if (byImage.length > 0) {
    const rows = byImage.map(({ image_id, a, b, difference }) => ({
      name: image_id,
      cells: [figureText(a), figureText(b), signed(difference)],
    }));
    const title = { name: "Images by R@50", cells: ["A", "B", "B - A"] };
    parts.push(alignedLines([title, ...rows]));
  }
  return parts.join("\n");
}

function lines({ a, b, difference, interval }: Comparison): readonly FigureLine[] {
  const one = (
    name: string,
    key: "failure_rate" | "ap50" | "micro_recall" | "per_image_recall",
  ) => ({
    name,
    cells: [
      figureText(a[key]),
      figureText(b[key]),
      signed(difference[key]),
      ...judged(interval[key]),
    ],
  });
  const atK = (name: string, key: "recall" | "mean_recall" | "zero_shot_recall") =>
    linesAtCutoffs(name, (at) => [
      figureText(a[key]?.[at]),
      figureText(b[key]?.[at]),
      signed(difference[key]?.[at]),
      ...judged(interval[key]?.[at]),
    ]);
  return [
    one("Failure rate", "failure_rate"),
    one("AP50", "ap50"),
    ...atK("R", "recall"),
    ...atK("mR", "mean_recall"),
    ...(difference.zero_shot_recall ? atK("zR", "zero_shot_recall") : []),
    one("Micro recall", "micro_recall"),
    one("Per-image recall", "per_image_recall"),
  ];
}

const signed = (value: number | null | undefined): string =>
  typeof value === "number" && value > 0 ? `+${value.toFixed(2)}` : figureText(value);

/** The interval, and a star where it leaves out 0. */
const judged = (interval: readonly [number, number] | null | undefined): readonly string[] => [
  intervalText(interval),
  interval && (interval[0] > 0 || interval[1] < 0) ? "*" : "",
];
