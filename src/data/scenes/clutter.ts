import type { Box } from "../../core/graph/scene-graph.ts";
import type { Random } from "../../core/random-stream.ts";
import type { SceneStyle } from "./style.ts";

/** The kind that litters a scene, listed after all others. */
export const pebble = "pebble";

const fewest = 2;
const most = 20;
/** Share of the image's shorter side. */
const across = 0.07;

/**
 * Where pebbles lie, in no order; none in a scene that is not littered.
 *
 * Their number is geometric from `fewest` on: whatever was listed, another follows with the same
 * probability.
 *
 * Unit: pixels, on the style's grid
 */
export function scatter(
  { clutter = 0, clutter_mean = 8, grid = 1 }: SceneStyle,
  [width, height]: readonly [number, number],
  random: Random,
): readonly Box[] {
  if (random.unit() >= clutter) return [];
  const another = 1 - 1 / (Math.max(0, clutter_mean - fewest) + 1);
  let count = fewest;
  while (count < most && random.unit() < another) count += 1;
  const side = Math.max(grid, Math.round((across * Math.min(width, height)) / grid) * grid);
  const within = (length: number) => Math.floor(random.between(0, length - side) / grid) * grid;
  return Array.from({ length: count }, (): Box => {
    const [x, y] = [within(width), within(height)];
    return [x, y, x + side, y + side];
  });
}
