import type { NameCounts } from "../core/statistics/dataset-stats.ts";
import type { Summary } from "../core/statistics/summary.ts";
import { heading, ink, size } from "./line-panel.ts";
import { vegaSvg } from "./vega-svg.ts";

const bar = "#0a7bc2";

/** A histogram, with a line where a limit is. */
export interface Histogram {
  readonly title: string;
  readonly unit: string;
  readonly summary: Summary;
  readonly limit?: number;
}

/**
 * Histograms as SVG, one each, in the look of the training curves.
 *
 * This file loads vega: import it only to draw.
 */
export const histogramSvgs = (histograms: readonly Histogram[]): Promise<string[]> =>
  Promise.all(histograms.map((histogram) => vegaSvg(histogramPanel(histogram))));

/** The long tail as SVG: how often each name occurs, by rank, both axes logarithmic. */
export const tailSvgs = (
  tails: readonly { readonly title: string; readonly counts: NameCounts }[],
): Promise<string[]> =>
  Promise.all(tails.map(({ title, counts }) => vegaSvg(tailPanel(title, counts))));

function histogramPanel({ title, unit, summary, limit }: Histogram) {
  const shownLimit = limit !== undefined && limit <= 1.5 * summary.most ? limit : undefined;
  const scale = { zero: false, nice: true };
  const rule = {
    data: { values: [{ value: shownLimit }] },
    encoding: { x: { field: "value", type: "quantitative", scale } },
  };
  const limitMarks = [
    { ...rule, mark: { type: "rule", color: ink, strokeDash: [4, 3], opacity: 0.8 } },
    {
      ...rule,
      mark: { type: "text", align: "right", dx: -4, color: ink },
      encoding: { ...rule.encoding, y: { value: 8 }, text: { value: `limit ${limit}` } },
    },
  ];
  return {
    ...size,
    layer: [
      heading(title),
      {
        data: { values: summary.bins.filter(({ rows }) => rows > 0) },
        mark: { type: "bar", color: bar },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            title: unit,
            scale,
            axis: { grid: false, tickCount: 6, tickMinStep: 1 },
          },
          x2: { field: "to" },
          y: {
            field: "rows",
            type: "quantitative",
            title: "images",
            scale: { zero: true },
            axis: { tickMinStep: 1, format: "d" },
          },
          y2: { datum: 0 },
        },
      },
      ...(shownLimit === undefined ? [] : limitMarks),
    ],
  };
}

function tailPanel(title: string, { names }: NameCounts) {
  const values = names.map(({ name, count }, at) => ({ name, count, rank: at + 1 }));
  const scale = { type: "log", nice: false, padding: 8 };
  return {
    ...size,
    layer: [
      heading(title),
      {
        data: { values },
        mark: { type: "point", filled: true, size: 20, opacity: 1, color: bar },
        encoding: {
          x: {
            field: "rank",
            type: "quantitative",
            title: "rank of the name",
            scale,
            axis: { grid: false, tickCount: 4 },
          },
          y: {
            field: "count",
            type: "quantitative",
            title: "how often",
            scale,
            axis: { tickCount: 4 },
          },
        },
      },
    ],
  };
}
