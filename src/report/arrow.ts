/** A point of a drawing. */
export type Point = readonly [x: number, y: number];

/** An arrow ready to be drawn: its line and head as SVG paths, and places for its label. */
export interface Arrow {
  readonly line: string;
  readonly head: string;
  readonly along: readonly Point[];
}

/** Where a label may sit on the line, as shares of its length, the best first. */
const seats = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

/**
 * An arrow from one point to another, bent to its left so that the way back is another line.
 *
 * Points that (nearly) coincide get a loop, which starts and ends there. `unit` is the length that
 * is one pixel on the screen.
 */
export function toArrow(from: Point, to: Point, unit: number): Arrow {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const isLoop = length < 12 * unit;
  const reach = 30 * unit;
  const [first, second]: readonly [Point, Point] = isLoop
    ? [
        [from[0] - reach, from[1] - reach],
        [to[0] + reach, to[1] - reach],
      ]
    : [bent(from, to, 1 / 3, 0.14), bent(from, to, 2 / 3, 0.14)];
  const at = (t: number): Point => [
    cubic(from[0], first[0], second[0], to[0], t),
    cubic(from[1], first[1], second[1], to[1], t),
  ];
  return {
    line: `M${text(from)}C${text(first)} ${text(second)} ${text(to)}`,
    head: head(second, to, unit),
    along: seats.map(at),
  };
}

/** The point at a share of the way, moved to the left by a share of the length. */
const bent = (from: Point, to: Point, share: number, left: number): Point => {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return [from[0] + share * dx + left * dy, from[1] + share * dy - left * dx];
};

function head(before: Point, tip: Point, unit: number): string {
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
  const corner = (turn: number): Point => [
    tip[0] - 10 * unit * Math.cos(angle + turn),
    tip[1] - 10 * unit * Math.sin(angle + turn),
  ];
  return `M${text(tip)}L${text(corner(0.42))}L${text(corner(-0.42))}Z`;
}

const cubic = (a: number, b: number, c: number, d: number, t: number): number =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;

const text = ([x, y]: Point): string => `${x.toFixed(2)} ${y.toFixed(2)}`;
