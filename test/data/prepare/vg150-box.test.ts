import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { boxInPixels } from "../../../src/data/prepare/vg150-box.ts";

describe("boxInPixels", () => {
  const size = { width: 800, height: 600 };

  it("gives what a public notebook prints of Visual Genome's image 1", () => {
    // Raw annotation: clock at 421, 91, 79 x 339; shirt at 241, 289, 59 x 101.
    expect(boxInPixels([537, 115, 639, 549], size, "whole")).toEqual([420, 90, 499, 429]);
    expect(boxInPixels([307, 368, 383, 498], size, "whole")).toEqual([240, 288, 299, 389]);
  });

  it("scales by the longest side and clips at width and height", () => {
    const portrait = { width: 300, height: 900 };
    expect(boxInPixels([0, 0, 1024, 1024], portrait, "exact")).toEqual([0, 0, 300, 900]);
    expect(boxInPixels([512, -3, 700, 256], portrait, "exact")).toEqual([300, 0, 300, 225]);
  });

  it("keeps boxes ordered, inside, and whole when asked to", () => {
    const side = fc.integer({ min: 1, max: 3000 });
    const unit = fc.integer({ min: 0, max: 1024 });
    fc.assert(
      fc.property(side, side, unit, unit, unit, unit, (width, height, a, b, c, d) => {
        const box: Box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
        const exact = boxInPixels(box, { width, height }, "exact");
        const whole = boxInPixels(box, { width, height }, "whole");
        for (const [x1, y1, x2, y2] of [exact, whole]) {
          expect([x1 <= x2, y1 <= y2, x1 >= 0, y1 >= 0]).toEqual([true, true, true, true]);
          expect([x2 <= width, y2 <= height]).toEqual([true, true]);
        }
        expect(whole.every(Number.isInteger)).toBe(true);
        whole.forEach((value, at) => {
          expect(Math.abs(value - exact[at]!)).toBeLessThanOrEqual(0.5);
        });
      }),
    );
  });
});
