/** A value of one series at one step. */
export interface Point {
  readonly step: number;
  readonly value: number;
  readonly series: string;
  /** Of the mean of several seeds: how many, and the 95 % interval. */
  readonly spread?: { readonly seeds: number; readonly low: number; readonly high: number };
}

/** Okabe and Ito's colours that hold on white and on black; told apart by marks as well. */
export const colours = ["#0a7bc2", "#d55e00", "#009e73", "#c4679b", "#a58300", "#5b8fd6"];
/** The colour of the surroundings, so that a chart reads on light and on dark. */
export const ink = "currentColor";
/** Of the plot itself, in pixels. */
export const size = { width: 300, height: 180 };

/** A panel of lines over the steps, its y axis from zero. */
export const linePanel = (title: string, unit: string, points: readonly Point[]) => ({
  ...size,
  layer: [heading(title), ...lines(points, unit, { scale: { zero: true, nice: true } })],
});

/** The title of a panel, as a mark: vega-lite's own titles do not stand on one line. */
export const heading = (text: string) => ({
  data: { values: [{}] },
  mark: { type: "text", align: "left", fontSize: 14, fontWeight: 600, color: ink },
  encoding: { x: { value: 0 }, y: { value: -18 }, text: { value: text } },
});

/** Up to this many steps each has its mark; above, a running mean is drawn over the faint values. */
const fewSteps = 60;

/** The legend of a panel: `names` are all series of its figure, so that each keeps its colour; 0 columns are none. */
export interface Legend {
  readonly names?: readonly string[];
  readonly columns?: number;
}

/** Lines, told apart by colour and by marks (few steps) or dashes (many). */
export function lines(
  points: readonly Point[],
  unit: string,
  y: Readonly<Record<string, unknown>>,
  legend: Legend = {},
) {
  const own = [...new Set(points.map((point) => point.series))];
  const names = legend.names ?? own;
  const steps = points.length / own.length;
  const named = {
    field: "series",
    type: "nominal",
    scale: { domain: names },
    legend:
      names.length > 1 && legend.columns !== 0
        ? { orient: "bottom", title: null, columns: legend.columns ?? 3, labelLimit: 0 }
        : null,
  };
  const encoding = {
    x: {
      field: "step",
      type: "quantitative",
      title: "optimiser step",
      scale: { zero: false, nice: false, padding: 8 },
      axis: { tickMinStep: 1, format: "d", tickCount: 6, grid: false },
    },
    y: { field: "value", type: "quantitative", title: unit, ...y },
    color: { ...named, scale: { domain: names, range: colours } },
  };
  const data = { values: points };
  if (steps <= fewSteps)
    return [
      {
        data,
        mark: { type: "line", strokeWidth: 2, point: { size: 40, filled: true } },
        encoding: { ...encoding, shape: named },
      },
    ];
  const half = Math.ceil(steps / 60);
  const average = {
    window: [{ op: "mean", field: "value", as: "average" }],
    frame: [-half, half],
    sort: [{ field: "step" }],
    groupby: ["series"],
  };
  return [
    { data, mark: { type: "line", strokeWidth: 0.7, opacity: 0.3 }, encoding },
    {
      data,
      transform: [average],
      mark: { type: "line", strokeWidth: 2 },
      encoding: { ...encoding, y: { ...encoding.y, field: "average" }, strokeDash: named },
    },
  ];
}

/** The look of all panels. */
export const config = {
  font: "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif",
  view: { stroke: null },
  axis: {
    labelColor: ink,
    titleColor: ink,
    tickColor: ink,
    domainColor: ink,
    gridColor: ink,
    gridOpacity: 0.14,
    domainOpacity: 0.5,
    tickOpacity: 0.5,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: ink,
    labelFontSize: 12,
    symbolOpacity: 1,
    symbolSize: 70,
    symbolStrokeWidth: 2,
  },
};
