import type { Box } from "../../core/graph/scene-graph.ts";
import type { Random } from "../../core/random-stream.ts";
import type { SceneStyle } from "./style.ts";

/** The kind that litters a scene, listed after all others. */
export const pebble = "pebble";

const fewest = 2;
const most = 40;
/** Share of the image's shorter side. */
const across = 0.07;
/** Exponent of the tail: with 1.5 the mean is finite, the variance is not. */
const tail = 1.5;

/** Boxes of the pebbles of a picture, of which the graph lists the first `listed`. */
export interface Clutter {
  readonly boxes: readonly Box[];
  readonly listed: number;
}

/**
 * Where pebbles lie, in no order; none in a scene that is not littered.
 *
 * The number that is listed has a heavy tail, P(count ≥ n) = ((fewest + bend) / (n + bend)) ^ tail: the more
 * were listed, the likelier is another one.
 *
 * Unit: pixels, on the style's grid
 */
export function scatter(
  { clutter = 0, clutter_mean = 8, clutter_shown = 0, grid = 1 }: SceneStyle,
  [width, height]: readonly [number, number],
  random: Random,
): Clutter {
  if (random.unit() >= clutter) return { boxes: [], listed: 0 };
  // Without an upper limit the mean is near fewest + (fewest + bend) / (tail - 1), less half a pebble.
  const bend = Math.max(0, (clutter_mean - fewest) * (tail - 1));
  const drawn = (fewest + bend) * (1 - random.unit()) ** (-1 / tail) - bend;
  const listed = Math.min(most, Math.floor(drawn));
  const side = Math.max(grid, Math.round((across * Math.min(width, height)) / grid) * grid);
  const within = (length: number) => Math.floor(random.between(0, length - side) / grid) * grid;
  const boxes = Array.from({ length: Math.max(listed, clutter_shown) }, (): Box => {
    const [x, y] = [within(width), within(height)];
    return [x, y, x + side, y + side];
  });
  return { boxes, listed };
}
