import { describe, expect, it } from "vitest";
import { type Point, toArrow } from "../../src/report/arrow.ts";

const numbers = (path: string) => path.match(/-?[\d.]+/g)!.map(Number);

describe("toArrow", () => {
  it("runs from one point to the other, its head at the second", () => {
    const { line, head } = toArrow([0, 0], [100, 0], 1);
    expect(numbers(line).slice(0, 2)).toEqual([0, 0]);
    expect(numbers(line).slice(-2)).toEqual([100, 0]);
    expect(numbers(head).slice(0, 2)).toEqual([100, 0]);
    expect(numbers(head)[2]).toBeLessThan(100); // the barbs point back
    expect(numbers(head)[4]).toBeLessThan(100);
  });

  it("takes another way back, so that labels of both directions have room", () => {
    const there = toArrow([0, 0], [100, 0], 1).along[0]!;
    const back = toArrow([100, 0], [0, 0], 1).along[0]!;
    expect(there[0]).toBeCloseTo(50, 9);
    expect(Math.abs(there[1] - back[1])).toBeGreaterThan(15);
  });

  it.each<[string, Point]>([
    ["the same point", [50, 50]],
    ["a point beside it", [53, 50]],
  ])("makes a loop to %s that can be seen", (_, to) => {
    const { line, along } = toArrow([50, 50], to, 1);
    expect(line).not.toContain("NaN");
    expect(50 - along[0]![1]).toBeGreaterThan(15);
  });
});
