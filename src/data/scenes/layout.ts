import type { Box } from "../../core/graph/scene-graph.ts";
import type { Random } from "../../core/random-stream.ts";
import { type Predicate, predicateOf, predicates, zipfWeight } from "./predicates.ts";
import { propose, type Room } from "./propose.ts";
import { thing, thingNames } from "./things.ts";

/** An object that has found its place, and its relation to one placed before it, by names. */
export interface Placed {
  readonly name: string;
  readonly box: Box;
  readonly place: "ground" | "air" | "on" | "in";
  /** Larger is nearer to the eye. */
  readonly depth: number;
  readonly relation?: {
    readonly subject: string;
    readonly predicate: Predicate;
    readonly object: string;
  };
}

/**
 * Places up to `count` objects of different kinds.
 *
 * The predicate is drawn first, by its weight; then two kinds that can stand so; then a place
 * where the boxes make it true. What finds no place after a few tries is drawn anew, so the
 * frequencies are near the weights, not equal to them.
 *
 * Unit: pixels.
 * Range: at least two objects; fewer than `count` where the image is full.
 */
export function compose(room: Room, count: number, random: Random): readonly Placed[] {
  let placed: readonly Placed[] = [];
  while (placed.length < 2) placed = first(room, random);
  for (let tries = 0; placed.length < count && tries < 12; tries += 1) {
    const next = related(room, placed, random);
    if (next) placed = [...placed, next];
  }
  return placed;
}

/** A first pair, or less when it finds no place. */
function first(room: Room, random: Random): readonly Placed[] {
  const predicate = random.weighted(predicates, zipfWeight);
  const pairs = thingNames.flatMap((anchor) =>
    partners(predicate, anchor).map((name) => [anchor, name]),
  );
  const [anchor, name] = random.pick(pairs) as [string, string];
  const flies = thing(anchor).stands === "air" || (anchor === "bird" && isVertical(predicate));
  const start: Placed = {
    name: anchor,
    ...propose.alone(room, anchor, flies ? "air" : "ground", random),
  };
  if (!inside(room, start.box, 0)) return [];
  const next = placeBy(room, [start], start, name, predicate, random);
  return next ? [start, next] : [start];
}

function related(room: Room, placed: readonly Placed[], random: Random): Placed | undefined {
  const predicate = random.weighted(predicates, zipfWeight);
  const used = new Set(placed.map(({ name }) => name));
  const pairs = placed.flatMap((anchor) =>
    (fits(anchor, predicate) ? partners(predicate, anchor.name) : [])
      .filter((name) => !used.has(name))
      .map((name) => ({ anchor, name })),
  );
  if (pairs.length === 0) return undefined;
  const { anchor, name } = random.pick(pairs);
  return placeBy(room, placed, anchor, name, predicate, random);
}

/** Whether something new may take this relation to an object where it now stands. */
function fits({ name, place }: Placed, predicate: Predicate): boolean {
  if (predicate === "in") return place === "ground" || place === "on";
  if (isVertical(predicate)) return place === "air" || place === "ground";
  return place === "ground" && thing(name).stands !== "air";
}

const isVertical = (predicate: Predicate): boolean =>
  predicate === "above" || predicate === "below";
const stands = (name: string): boolean => ["ground", "both"].includes(thing(name).stands);
const flies = (name: string): boolean => ["air", "both"].includes(thing(name).stands);

/** The kinds that can be placed in this relation to an anchor; the first in the alphabet is the subject. */
function partners(predicate: Predicate, anchor: string): readonly string[] {
  const { carries, holds } = thing(anchor);
  if (predicate === "on") return carries?.names ?? [];
  if (predicate === "in") return holds ?? [];
  const others = thingNames.filter((name) => name !== anchor);
  if (!isVertical(predicate)) return stands(anchor) ? others.filter(stands) : [];
  return others.filter((name) => {
    const [subject, object] = [anchor, name].sort() as [string, string];
    const [upper, lower] = predicate === "above" ? [subject, object] : [object, subject];
    return flies(upper) && stands(lower);
  });
}

/** Tries places for `name` until one makes the predicate true and disturbs nobody. */
function placeBy(
  room: Room,
  placed: readonly Placed[],
  anchor: Placed,
  name: string,
  predicate: Predicate,
  random: Random,
): Placed | undefined {
  const nested = predicate === "on" || predicate === "in";
  const [subject, object] = (nested ? [name, anchor.name] : [anchor.name, name].sort()) as [
    string,
    string,
  ];
  const side = Math.min(room.width, room.height);
  for (let tries = 0; tries < 40; tries += 1) {
    const spot = propose[nested ? predicate : "beside"](room, anchor, name, predicate, random);
    const [a, b] = subject === name ? [spot.box, anchor.box] : [anchor.box, spot.box];
    if (!inside(room, spot.box) || predicateOf(a, b, side) !== predicate) continue;
    if (!nested && hides(spot.box, anchor.box)) continue;
    if (placed.some((other) => other !== anchor && !apart(spot.box, other.box))) continue;
    return { name, ...spot, relation: { subject, predicate, object } };
  }
  return undefined;
}

const inside = ({ width, height }: Room, [x1, y1, x2, y2]: Box, margin = 2): boolean =>
  x1 >= margin && y1 >= margin && x2 <= width - margin && y2 <= height - margin;

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) *
  Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);

/** Too much of the farther one would be covered by the nearer one. */
const hides = (a: Box, b: Box): boolean => overlap(a, b) > 0.4 * area(a[3] < b[3] ? a : b);

const apart = (a: Box, b: Box): boolean =>
  overlap([a[0] - 3, a[1] - 3, a[2] + 3, a[3] + 3], b) === 0;
