import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap, intervalsOf, resamples } from "../../../src/core/metrics/bootstrap.ts";
import { figuresOf, prepare } from "../../../src/core/metrics/figures.ts";
import type { EvaluationRow } from "../../../src/core/metrics/judge.ts";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { tallyOf } from "../../../src/core/metrics/tally.ts";
import { anyRow, classes, graph, row } from "./scenes.ts";

const prepared = (rows: readonly EvaluationRow[]) =>
  prepare(
    tallyOf(rows, strictProtocol(classes, { isUnseen: ({ predicate }) => predicate === "on" })),
  );

const truth = graph({ "cat.1": [0, 0, 10, 10], "hat.2": [0, 20, 10, 30] }, ["cat.1 on hat.2"]);
const [found, missed] = [row(truth, truth), row(truth, "no JSON")];

/** Equal up to the last digits, which the order of a sum decides. */
const close = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, one) =>
    typeof one === "number" ? Number(one.toPrecision(10)) : one,
  );

describe("figuresOf a sample", () => {
  it("is figuresOf the images, each as often as it is drawn", () => {
    const weighted = fc.array(fc.tuple(anyRow, fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(weighted, (drawn) => {
        const weights = Uint32Array.from(drawn, ([, times]) => times);
        const repeated = drawn.flatMap(([one, times]) => Array<EvaluationRow>(times).fill(one));
        const { ap50: _a, ...sample } = figuresOf(prepared(drawn.map(([one]) => one)), weights);
        const { ap50: _b, ...whole } = figuresOf(prepared(repeated));
        expect(close(sample)).toEqual(close(whole));
      }),
    );
  });

  it("takes AP50 of detections that are there several times", () => {
    // Twice the miss, then once the hit: precision 0, 0, 1/3 at recall 1/3.
    const rows = [row(truth, graph({ "cat.9": [50, 50, 60, 60] })), row(truth, truth)];
    const { ap50 } = figuresOf(prepared(rows), Uint32Array.of(2, 1));
    // cat: 1 of 3 at precision 1/3, levels 0 … 0.33; hat: 1 of 3 at precision 1.
    expect(ap50).toBeCloseTo((100 * (34 / 3 + 34)) / 101 / 2, 9);
  });
});

describe("resamples", () => {
  it("draws as many images as there are, the same ones for the same seed", () => {
    const draw = (seed: number) =>
      Array.from(resamples(50, { samples: 20, seed }), (weights) => [...weights]);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    for (const weights of draw(3)) expect(weights.reduce((a, b) => a + b)).toBe(50);
  });

  it("draws every image about as often", () => {
    const sums = new Float64Array(10);
    for (const weights of resamples(10, { samples: 10_000, seed: 1 }))
      for (const [i, times] of weights.entries()) sums[i]! += times;
    for (const sum of sums) expect(Math.abs(sum / 10_000 - 1)).toBeLessThan(0.05);
  });
});

describe("bootstrap", () => {
  it("gives the interval of a share that can be computed: 50 of 100 images", () => {
    const rows = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? found : missed));
    const { recall, failure_rate, level, samples, seed } = bootstrap(prepared(rows), {
      samples: 4000,
      seed: 5,
    });
    expect({ level, samples, seed }).toEqual({ level: 95, samples: 4000, seed: 5 });
    // The binomial of 100 and 1/2 has its 2.5 % points at 40 and 60, each the last of its kind.
    for (const [low, high] of [recall["20"]!, failure_rate!]) {
      expect(Math.abs(low - 40)).toBeLessThanOrEqual(1);
      expect(Math.abs(high - 60)).toBeLessThanOrEqual(1);
    }
  });

  it("has no width where all images are alike, and none where there is no figure", () => {
    const rows = [found, found, found];
    const options = { samples: 50, seed: 1 };
    expect(bootstrap(prepared(rows), options)).toMatchObject({
      ap50: [100, 100],
      mean_recall: { "100": [100, 100] },
      zero_shot_recall: { "100": [100, 100] },
    });
    const plain = prepare(tallyOf(rows, strictProtocol(classes)));
    expect(bootstrap(plain, options).zero_shot_recall).toBeNull();
    expect(bootstrap(prepared([row(graph({}))]), options)).toMatchObject({
      ap50: null,
      recall: { "20": null },
    });
  });

  it("moves the samples until their median is the figure", () => {
    const figures = figuresOf(prepared([found, missed]));
    const drawn = [20, 30, 40].map((failure_rate) => ({ ...figures, failure_rate }));
    // The figure is 50, the median 30; the ends are 20.5 and 39.5 of the samples.
    const [low, high] = intervalsOf(figures, drawn, [0, 100]).failure_rate!;
    expect([low, high]).toEqual([expect.closeTo(40.5, 9), expect.closeTo(59.5, 9)]);
    expect(intervalsOf(figures, drawn, [45, 55]).failure_rate).toEqual([45, 55]);
  });

  it("holds its figure, within 0 and 100", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 6 }), (rows) => {
        const of = prepared(rows);
        const figures = figuresOf(of);
        const intervals = bootstrap(of, { samples: 40, seed: 2 });
        for (const key of ["failure_rate", "ap50", "micro_recall", "per_image_recall"] as const) {
          if (figures[key] === null) continue;
          const [low, high] = intervals[key]!;
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(100);
          expect(low).toBeLessThanOrEqual(figures[key] + 1e-9);
          expect(high).toBeGreaterThanOrEqual(figures[key] - 1e-9);
        }
      }),
    );
  });
});
