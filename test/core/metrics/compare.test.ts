import { expect, it } from "vitest";
import { compare } from "../../../src/core/metrics/compare.ts";
import { prepare } from "../../../src/core/metrics/figures.ts";
import type { EvaluationRow } from "../../../src/core/metrics/judge.ts";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { tallyOf } from "../../../src/core/metrics/tally.ts";
import { classes, graph, row } from "./scenes.ts";

const boxes = { "cat.1": [0, 0, 10, 10], "hat.2": [0, 20, 10, 30] } as const;
const truth = graph(boxes, ["cat.1 on hat.2", "hat.2 near cat.1"]);
const half = graph(boxes, ["cat.1 on hat.2"]);
const named = (answers: readonly EvaluationRow[]) =>
  answers.map(({ target, prediction }, i) => ({
    target: { ...target, image_id: `i${i}` },
    prediction,
  }));
const of = (...answers: EvaluationRow[]) =>
  prepare(tallyOf(named(answers), strictProtocol(classes)));
const [all, some, none] = [row(truth, truth), row(truth, half), row(truth, "no JSON")];

it("says by how much B is better, and in which images most", () => {
  const comparison = compare(of(all, some, none, some), of(all, all, all, none), options, 2);
  expect(comparison).toMatchObject({
    images: 4,
    a: { failure_rate: 25, recall: { "50": 50 } },
    b: { failure_rate: 25, recall: { "50": 75 } },
    difference: { failure_rate: 0, recall: { "50": 25 }, zero_shot_recall: null },
    by_image: [
      { image_id: "i2", a: 0, b: 100, difference: 100 },
      { image_id: "i1", a: 50, b: 100, difference: 50 },
    ],
  });
});
const options = { samples: 300, seed: 1 };

it("pairs the samples: a difference that is the same in every image has no width", () => {
  const [a, b] = [of(some, some, none), of(all, all, some)];
  const { difference, interval } = compare(a, b, options, 10);
  expect(difference.recall["50"]).toBeCloseTo(50, 9);
  expect(interval.recall["50"]![0]).toBeCloseTo(50, 9);
  expect(interval.recall["50"]![1]).toBeCloseTo(50, 9);
});

it("turns around when the sides change places", () => {
  const [a, b] = [of(all, some, none, some), of(all, all, all, none)];
  const there = compare(a, b, options, 10);
  const back = compare(b, a, options, 10);
  const [low, high] = there.interval.recall["20"]!;
  expect(back.difference.recall["20"]).toBe(-there.difference.recall["20"]!);
  expect(back.interval.recall["20"]![0]).toBeCloseTo(-high, 9);
  expect(back.interval.recall["20"]![1]).toBeCloseTo(-low, 9);
});

it("refuses sides that are about different images", () => {
  expect(() => compare(of(all), of(all, all), options, 1)).toThrow(RangeError);
});
