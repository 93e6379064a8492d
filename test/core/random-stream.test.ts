import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/core/random-stream.ts";

describe("randomStream", () => {
  it("gives the same numbers on every machine", () => {
    const { unit } = randomStream("scene/7/0");
    expect([unit(), unit(), unit()]).toEqual([
      0.16626531002111733, 0.37174847279675305, 0.15994771430268884,
    ]);
  });

  it("spreads evenly over [0, 1)", () => {
    const { unit } = randomStream("spread");
    const bins = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 20_000; draw += 1) bins[Math.floor(unit() * 10)]! += 1;
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it("gives streams of neighbouring names nothing in common", () => {
    const firsts = Array.from({ length: 1000 }, (_, index) =>
      randomStream(`scene/1/${index}`).unit(),
    );
    expect(new Set(firsts).size).toBe(1000);
    const mean = firsts.reduce((sum, value) => sum + value, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  it("draws by weight, and never what weighs nothing", () => {
    const { weighted } = randomStream("weights");
    const draws = Array.from({ length: 6000 }, () =>
      weighted(["a", "b", "c"], (item) => ({ a: 3, b: 0, c: 1 })[item]!),
    );
    expect(draws).not.toContain("b");
    expect(Math.abs(draws.filter((item) => item === "a").length / 6000 - 0.75)).toBeLessThan(0.03);
  });
});
