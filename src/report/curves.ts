import { heading, ink, linePanel, lines, type Point, size } from "./line-panel.ts";
import { vegaSvg } from "./vega-svg.ts";

/** A step of training as its trainer logged it: `step` and any numbers. */
export type LoggedStep = Readonly<Record<string, unknown>>;

/** The logs that the curves are drawn from; an empty list leaves its panel out. */
export interface TrainingLogs {
  readonly sft: readonly LoggedStep[];
  readonly grpo: readonly LoggedStep[];
  /** Largest difference of log-probabilities, trainer to sampler, after each weight sync. */
  readonly integrity?: {
    readonly steps: readonly LoggedStep[];
    readonly tolerance: number;
  };
}

/** A log scale has no zero: differences below are drawn here. */
const leastDifference = 1e-9;

/**
 * Training curves as one SVG: SFT loss, GRPO rewards, log-probability difference side by side.
 *
 * Drawn by vega-lite without a canvas. Lines and text take the colour of their surroundings, black
 * where there is none; the background is white. This file loads vega: import it only to draw.
 */
export const curvesSvg = (logs: TrainingLogs): Promise<string> =>
  vegaSvg({
    bounds: "flush",
    spacing: 84,
    columns: 3,
    resolve: { scale: independent, legend: independent },
    concat: panelsOf(logs),
  });

/** The same panels, one SVG each, for a page that sets them by its width. */
export const curvePanels = (logs: TrainingLogs): Promise<string[]> =>
  Promise.all(panelsOf(logs).map(vegaSvg));

function panelsOf(logs: TrainingLogs): object[] {
  const panels = [lossPanel(logs.sft), rewardPanel(logs.grpo), integrityPanel(logs.integrity)];
  const drawn = panels.filter((panel) => panel !== undefined);
  return drawn.length > 0 ? drawn : [emptyPanel];
}

function lossPanel(steps: readonly LoggedStep[]) {
  const points = series(steps, "loss", "loss");
  return points.length > 0 ? linePanel("SFT: loss", "cross-entropy, nats", points) : undefined;
}

function rewardPanel(steps: readonly LoggedStep[]) {
  const names = [...new Set(steps.flatMap((step) => Object.keys(step)))]
    .map((key) => ({ key, name: /^rewards\/(.+)\/mean$/.exec(key)?.[1] }))
    .filter(({ name }) => name !== undefined);
  const points = [
    ...series(steps, "reward", "total"),
    ...names.flatMap(({ key, name }) => series(steps, key, name!.replace(/_reward$/, ""))),
  ];
  return points.length > 0 ? linePanel("GRPO: reward", "mean of the step", points) : undefined;
}

function integrityPanel(integrity: TrainingLogs["integrity"]) {
  const name = "logprob_max_abs_diff";
  const points = series(integrity?.steps ?? [], name, "difference").map((point) => ({
    ...point,
    value: Math.max(point.value, leastDifference),
  }));
  if (!integrity || points.length === 0) return undefined;
  const values = [...points.map(({ value }) => value), integrity.tolerance];
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const scale = { type: "log", domain: [10 ** low, 10 ** (high + 0.4)] };
  const axis = { format: ".0e", values: decades };
  const limit = {
    data: { values: [{ value: integrity.tolerance }] },
    encoding: { y: { field: "value", type: "quantitative", scale, axis } },
  };
  return {
    ...size,
    layer: [
      heading("Log-prob. after weight sync"),
      ...lines(points, "difference, nats", {
        scale,
        axis: { format: ".0e", tickCount: 5 },
      }),
      { ...limit, mark: { type: "rule", color: ink, strokeDash: [4, 3], opacity: 0.8 } },
      {
        ...limit,
        mark: { type: "text", align: "right", baseline: "bottom", dx: -2, dy: -3, color: ink },
        encoding: { ...limit.encoding, x: { value: size.width }, text: { value: "tolerance" } },
      },
    ],
  };
}

function series(steps: readonly LoggedStep[], key: string, name: string): Point[] {
  return steps.flatMap(({ step, [key]: value }) =>
    Number.isFinite(step) && Number.isFinite(value)
      ? [{ step: step as number, value: value as number, series: name }]
      : [],
  );
}

const independent = { color: "independent", shape: "independent", strokeDash: "independent" };

const emptyPanel = {
  width: 300,
  height: 40,
  data: { values: [{}] },
  mark: { type: "text", color: ink },
  encoding: { text: { value: "no training step was logged" } },
};
