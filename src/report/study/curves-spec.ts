import { colours, heading, ink, lines, type Point } from "../line-panel.ts";
import type { CurvesFigure, CurvesPanel } from "./curves-model.ts";
import { remark } from "./remark.ts";

/** Of a panel, in pixels: three beside each other in the width of a page leave letters of 5 to 7 points. */
const size = { width: 220, height: 150 };

/**
 * The vega-lite specification of a figure of curves: the paper's rows, a column for each metric.
 *
 * Series keep their colour and mark along a row, those that nobody ran have their name alone; a level
 * line is dashed and named at its end.
 */
export const curvesSpec = ({ rows }: CurvesFigure): object => ({
  bounds: "full",
  spacing: 30,
  vconcat: rows.map((row) => {
    const first = row.find(({ points }) => points.length > 0); // it has the legend of its row
    return {
      bounds: "flush",
      spacing: 72,
      resolve: { scale: independent, legend: independent },
      hconcat: row.map((panel) => panelSpec(panel, panel === first)),
    };
  }),
});

const independent = { color: "independent", shape: "independent", strokeDash: "independent" };

function panelSpec(panel: CurvesPanel, hasLegend: boolean): object {
  const { title, unit, points, levels, names, missing } = panel;
  const head = heading(`${title}: ${unit.replace(/, %$/, "")}`);
  if (points.length === 0) return { ...size, layer: [head, ...missing.map(remark)] };
  const last = Math.max(...points.map(({ step }) => step));
  // An axis of nothing but zeros would have no second tick.
  const isFlat = [...points, ...levels].every(({ value }) => value === 0);
  const scale = isFlat ? { domain: [0, 1] } : { zero: true, nice: true };
  return {
    ...size,
    layer: [
      head,
      ...spreads(points, names, hasLegend && names.length > 1),
      ...lines(points, unit, { scale }, { names, columns: hasLegend ? columnsFor(names) : 0 }),
      ...levels.flatMap(({ name, value }) => level(name, value, last)),
    ],
  };
}

/** As many columns of a legend, at most four, as three panels are wide; vega measures without a canvas, generously. */
function columnsFor(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return Math.max(1, Math.min(4, Math.floor(800 / (9.6 * longest + 28))));
}

/** The 95 % intervals of means over seeds, as bars behind the points; a percentage has no others than 0 to 100. */
function spreads(
  points: readonly Point[],
  names: readonly string[],
  hasLegend: boolean,
): readonly object[] {
  const values = points.flatMap(({ step, series, spread }) =>
    spread
      ? [{ step, series, low: Math.max(0, spread.low), high: Math.min(100, spread.high) }]
      : [],
  );
  if (values.length === 0) return [];
  const of = (field: string) => ({ field, type: "quantitative" });
  const scale = { domain: names, range: colours };
  // The layers of a panel share its legend, or its having none.
  const legend = hasLegend ? {} : { legend: null };
  const color = { field: "series", type: "nominal", scale, ...legend };
  const mark = { type: "rule", strokeWidth: 4, opacity: 0.3 };
  return [
    {
      data: { values },
      mark,
      encoding: { x: of("step"), y: of("low"), y2: { field: "high" }, color },
    },
  ];
}

/** A dashed line over the whole panel, its name above its end. */
function level(name: string, value: number, at: number): readonly object[] {
  const y = { field: "value", type: "quantitative" };
  const data = { values: [{ value, step: at, name }] };
  const text = {
    type: "text",
    align: "right",
    baseline: "bottom",
    dy: -3,
    color: ink,
    fontSize: 11,
  };
  const x = { field: "step", type: "quantitative" };
  return [
    { data, mark: { type: "rule", color: ink, strokeDash: [5, 4] }, encoding: { y } },
    { data, mark: text, encoding: { x, y, text: { field: "name", type: "nominal" } } },
  ];
}
