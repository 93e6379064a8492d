import type { Box } from "../../core/graph/scene-graph.ts";
import type { Random } from "../../core/random-stream.ts";
import type { Placed } from "./layout.ts";
import type { Predicate } from "./predicates.ts";
import { thing } from "./things.ts";

/** The image that is filled, in pixels; the floor begins at `horizon`. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly horizon: number;
  /** Boxes stand on multiples of so many pixels; 1 unless given. */
  readonly grid?: number;
  /** Objects are so many times as large as usual; 1 unless given. */
  readonly scale?: number;
}

type Spot = Pick<Placed, "box" | "place" | "depth">;

type Propose = (
  room: Room,
  anchor: Placed,
  name: string,
  predicate: Predicate,
  random: Random,
) => Spot;

/** Places to try, by relation; whether one will do is for the caller to check. Boxes are whole pixels. */
export const propose = {
  /** A first object: on the floor, or in the upper half. */
  alone(room: Room, name: string, place: "ground" | "air", random: Random): Spot {
    const [width, height] = sizeOf(room, name, random);
    const x = random.between(2, room.width - width - 2);
    if (place === "air")
      return spot(room, x, random.between(3, room.height * 0.25), width, height, place, 0);
    const bottom = random.between(room.horizon + 0.1 * room.height, room.height - 4);
    return onFloor(room, x, bottom, width, height);
  },

  on: ((room, anchor, name, _predicate, random) => {
    const [width, height] = sizeOf(room, name, random);
    const [x1, y1, x2] = anchor.box;
    const [from, to] = thing(anchor.name).carries!.top;
    const middle = x1 + (x2 - x1) * random.between(from, to);
    return spot(room, middle - width / 2, y1 - height, width, height, "on", anchor.depth + 0.5);
  }) satisfies Propose,

  in: ((room, anchor, name, _predicate, random) => {
    const [x1, y1, x2, y2] = anchor.box;
    const [fullWidth, fullHeight] = sizeOf(room, name, random);
    const fit = Math.min(1, (0.56 * (x2 - x1)) / fullWidth, (0.62 * (y2 - y1)) / fullHeight);
    const [width, height] = [onGrid(room, fullWidth * fit), onGrid(room, fullHeight * fit)];
    const middle = x1 + (x2 - x1) * random.between(0.42, 0.58);
    const lowest = y2 - 0.09 * (y2 - y1) - height;
    const top = name === "fish" ? y1 + (y2 - y1) * 0.66 - height / 2 : lowest;
    return spot(room, middle - width / 2, top, width, height, "in", anchor.depth + 0.25);
  }) satisfies Propose,

  beside: ((room, anchor, name, predicate, random) => {
    const [width, height] = sizeOf(room, name, random);
    const [x1, y1, x2, y2] = anchor.box;
    const side = Math.min(room.width, room.height);
    if (predicate === "above" || predicate === "below") {
      const x = random.between(x1, x2) - width / 2;
      if (anchor.place === "air")
        return onFloor(room, x, room.height - 4 - random.between(0, 20), width, height);
      const gap = random.between(0.08, 0.25) * side;
      return spot(room, x, y1 - gap - height, width, height, "air", 0);
    }
    const toTheRight = random.unit() < 0.5;
    const next = (gap: number) => (toTheRight ? x2 + gap : x1 - gap - width);
    if (predicate === "near")
      return onFloor(
        room,
        next(random.between(1, 0.05 * side)),
        y2 + random.between(-5, 5),
        width,
        height,
      );
    if (predicate === "left of" || predicate === "right of")
      return onFloor(
        room,
        next(random.between(0.08, 0.6) * side),
        y2 + random.between(-8, 8),
        width,
        height,
      );
    const shared = random.between(0.2, 0.5) * Math.min(width, x2 - x1);
    const step = random.between(7, 20) * (random.unit() < 0.5 ? 1 : -1);
    const bottom = Math.max(y2 + step, room.horizon + 4);
    return onFloor(room, next(-shared), bottom, width, height);
  }) satisfies Propose,
};

/** Width and height of a kind in whole pixels, a little different each time. */
function sizeOf(room: Room, name: string, random: Random): readonly [number, number] {
  const { width, height, scale = 1 } = room;
  const { tall, aspect } = thing(name);
  const high = scale * tall * Math.min(width, height) * random.between(0.88, 1.12);
  return [onGrid(room, high * aspect), onGrid(room, high)];
}

/** The multiple of the grid that is nearest, of a length at least one. */
const onGrid = ({ grid = 1 }: Room, length: number): number =>
  Math.max(grid, Math.round(length / grid) * grid);

const onFloor = (room: Room, x: number, bottom: number, width: number, height: number): Spot =>
  spot(room, x, bottom - height, width, height, "ground", Math.round(bottom));

function spot(
  { grid = 1 }: Room,
  x: number,
  y: number,
  width: number,
  height: number,
  place: Placed["place"],
  depth: number,
): Spot {
  const [left, top] = [Math.round(x / grid) * grid, Math.round(y / grid) * grid];
  const box: Box = [left, top, left + width, top + height];
  return { box, place, depth };
}
