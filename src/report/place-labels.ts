/** A rectangle by its upper left corner and size. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A label to be placed: its size, and upper left corners where it may stand, the best first. */
export interface Label {
  readonly width: number;
  readonly height: number;
  readonly corners: readonly (readonly [x: number, y: number])[];
}

/**
 * A place for each label inside the frame: the first of its corners where it covers no other label,
 * or the one where it covers least.
 *
 * Labels are placed in order, so that the important ones come first.
 */
export function placeLabels(
  labels: readonly Label[],
  frame: { readonly width: number; readonly height: number },
): Rectangle[] {
  const placed: Rectangle[] = [];
  for (const { width, height, corners } of labels) {
    const places = corners.map(([x, y]) => ({
      x: within(x, frame.width - width),
      y: within(y, frame.height - height),
      width,
      height,
    }));
    const costs = places.map((place) => covered(place, placed));
    const best = places[costs.indexOf(Math.min(...costs))];
    if (best) placed.push(best);
  }
  return placed;
}

const within = (value: number, high: number): number => Math.max(0, Math.min(value, high));

const covered = (place: Rectangle, others: readonly Rectangle[]): number =>
  others.reduce(
    (sum, other) =>
      sum +
      shared(place.x, place.width, other.x, other.width) *
        shared(place.y, place.height, other.y, other.height),
    0,
  );

const shared = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.max(0, Math.min(a + aLength, b + bLength) - Math.max(a, b));
