import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Label, placeLabels } from "../../src/report/place-labels.ts";

const frame = { width: 100, height: 100 };
const label = (...corners: (readonly [number, number])[]): Label => ({
  width: 20,
  height: 10,
  corners,
});

describe("placeLabels", () => {
  it("takes the first corner that covers no label placed before", () => {
    const places = placeLabels(
      [label([0, 0]), label([10, 5], [40, 0]), label([30, 0], [0, 10])],
      frame,
    );
    expect(places.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [40, 0],
      [0, 10],
    ]);
  });

  it("takes the corner that covers least when none is free", () => {
    const [, second] = placeLabels([label([0, 0]), label([2, 2], [15, 5], [4, 4])], frame);
    expect(second).toMatchObject({ x: 15, y: 5 });
  });

  it("keeps every label inside the frame", () => {
    const corner = fc.tuple(
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -300, max: 300 }),
    );
    const labels = fc.array(fc.array(corner, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(labels, (all) => {
        const places = placeLabels(
          all.map((corners) => label(...corners)),
          frame,
        );
        expect(places).toHaveLength(all.length);
        for (const { x, y } of places) {
          expect([x >= 0, y >= 0, x + 20 <= 100, y + 10 <= 100]).not.toContain(false);
        }
      }),
    );
  });
});
