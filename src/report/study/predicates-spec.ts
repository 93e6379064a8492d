import { colours, heading, ink } from "../line-panel.ts";
import type { PredicateBar, PredicatesFigure, PredicatesPanel } from "./predicates-model.ts";
import { remark } from "./remark.ts";

/** The vega-lite specification of recall by predicate: above how often each occurs, below its recall. */
export const predicatesSpec = ({ panels, at }: PredicatesFigure): object => ({
  bounds: "full",
  spacing: 30,
  resolve: { scale: { color: "independent" } },
  vconcat: panels.map((panel) => panelSpec(panel, at)),
});

function panelSpec({ title, bars, names, missing }: PredicatesPanel, at: string): object {
  if (bars.length === 0)
    return { width: 640, height: 60, layer: [heading(title), ...missing.map(remark)] };
  const order = [...new Set(bars.map(({ predicate }) => predicate))];
  const x = { field: "predicate", type: "nominal", sort: order };
  const width = 27 * order.length;
  return {
    spacing: 8,
    vconcat: [
      { width, height: 50, layer: [heading(title), counts(bars, x)] },
      { width, height: 150, ...recalls(bars, x, names, at) },
    ],
  };
}

const counts = (bars: readonly PredicateBar[], x: object): object => ({
  data: { values: [...new Map(bars.map((bar) => [bar.predicate, bar])).values()] },
  mark: { type: "bar", color: ink, opacity: 0.35 },
  encoding: {
    x: { ...x, axis: null },
    y: {
      field: "relations",
      type: "quantitative",
      title: "relations",
      axis: { tickCount: 2, format: "~s" },
    },
  },
});

const recalls = (
  bars: readonly PredicateBar[],
  x: object,
  names: readonly string[],
  at: string,
): object => ({
  data: { values: bars },
  mark: { type: "bar" },
  encoding: {
    x: { ...x, title: null, axis: { labelAngle: -45, labelLimit: 140 } },
    xOffset: { field: "series", sort: names },
    y: { field: "recall", type: "quantitative", title: `R@${at}, %` },
    color: {
      field: "series",
      type: "nominal",
      scale: { domain: names, range: colours },
      legend: { orient: "bottom", title: null, columns: 4, labelLimit: 0, symbolType: "square" },
    },
  },
});
