import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { config } from "./line-panel.ts";

/**
 * A panel as SVG in the look of all figures, drawn by vega-lite without a canvas.
 *
 * This file loads vega: import it only to draw.
 */
export async function vegaSvg(panel: object): Promise<string> {
  const spec = { background: "white", padding: 12, config, ...panel } as unknown as TopLevelSpec;
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
