import { describe, expect, it } from "vitest";
import { psg } from "../../../../src/core/classes/psg.ts";
import { refine } from "../../../../src/core/graph/names.ts";
import { prepare } from "../../../../src/core/metrics/figures.ts";
import type { EvaluationRow } from "../../../../src/core/metrics/judge.ts";
import { cocoOverlap } from "../../../../src/core/metrics/release/coco-overlap.ts";
import { releaseMetrics } from "../../../../src/core/metrics/release/metrics.ts";
import { pixelIou } from "../../../../src/core/metrics/release/pixel-iou.ts";
import { releaseProtocol } from "../../../../src/core/metrics/release/protocol.ts";
import { round4 } from "../../../../src/core/metrics/release/round.ts";
import { tallyOf } from "../../../../src/core/metrics/tally.ts";
import { isUnseenInVg150 } from "../../../../src/core/metrics/unseen.ts";
import { graph, row } from "../scenes.ts";

const vg150 = releaseProtocol("vg150");
const metricsOf = (rows: readonly EvaluationRow[]) => releaseMetrics(prepare(tallyOf(rows, vg150)));
const named = (image_id: string, { target, prediction }: EvaluationRow): EvaluationRow => ({
  target: { ...target, image_id },
  prediction,
});
const boxes = { "man.1": [0, 0, 40, 40], "horse.2": [50, 50, 90, 90] } as const;
const truth = graph(boxes, ["man.1 riding horse.2"]);

describe("boxes", () => {
  it.each([
    [[0, 0, 9, 9], [0, 0, 4, 9], 0.5],
    [[0, 0, 9, 9], [0, 0, 9, 9], 1],
    [[0, 0, 4, 4], [5, 0, 9, 4], 0], // neighbours share no pixel
    [[5, 5, 0, 0], [0, 0, 9, 9], 0],
  ] as const)("counts whole pixels: %j and %j overlap by %d", (a, b, value) => {
    expect(pixelIou(a, b)).toBe(value);
  });

  it("takes pixels in single precision", () => {
    // 1/3 in float32, which is not the double 1/3.
    expect(pixelIou([0, 0, 2, 0], [0, 0, 0, 0])).toBe(Math.fround(1 / 3));
    expect(pixelIou([Number.NaN, 0, 2, 2], [0, 0, 2, 2])).toBeNaN();
  });

  it("takes IoU from corner and size for AP, and a NaN for a match", () => {
    expect(cocoOverlap([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3, 15);
    expect(cocoOverlap([0, 0, 2, 2], [2, 0, 3, 2])).toBe(0);
    expect(cocoOverlap([Number.NaN, 0, 2, 2], [0, 0, 2, 2])).toBeNaN();
    expect(cocoOverlap([0, 0, 2, Number.NaN], [0, -5, 2, -1])).toBe(0); // -1 is taken, not NaN
  });
});

it.each([
  [0.03125, 0.0312], // Python's ties go to the even digit
  [0.09375, 0.0938],
  [3.15625, 3.1562],
  [1 / 3, 0.3333],
  [12.765957446808512, 12.766],
  [0.00005, 0.0001], // the double is a little above the tie
  [0, 0],
  [1, 1],
])("rounds %d to %d", (value, rounded) => {
  expect(round4(value)).toBe(rounded);
});

describe("images", () => {
  const silent = row(truth, graph(boxes));

  it("leaves an image without a relation out of R@K, and in the figures without a K", () => {
    const metrics = metricsOf([row(truth, truth), silent]);
    expect(metrics.recall["20"]).toBe(100);
    expect(metrics.recall_images).toBe(1);
    expect(metrics.micro_recall).toBe(50);
    expect(metrics.per_image_recall).toBe(50);
  });

  it("counts an answer without any object of the classes, and a failure, as 0", () => {
    const nothing = row(truth, graph({ "ufo.1": [0, 0, 9, 9] }));
    const metrics = metricsOf([row(truth, truth), nothing, row(truth, "no JSON")]);
    expect(metrics.recall["20"]).toBeCloseTo(100 / 3, 9);
    expect(metrics).toMatchObject({ failed: 1, recall_images: 3, failure_rate: 33.3333 });
  });

  it("does not know an image without an answer, except in the figures without a K", () => {
    const metrics = metricsOf([row(truth, truth), row(truth)]);
    expect(metrics).toMatchObject({ images: 2, answered: 1, failed: 0, failure_rate: 0 });
    expect(metrics.recall["20"]).toBe(100);
    expect(metrics.micro_recall).toBe(50);
    expect(metrics.per_class.map(({ objects }) => objects)).toEqual([1, 1]);
  });

  it("never finds the first object of the first row", () => {
    const perfect = row(truth, truth);
    const figures = metricsOf([perfect, perfect]).per_class;
    // man: a false positive, then a hit: precision 1/2 up to recall 1/2.
    expect(figures.find(({ name }) => name === "man")?.ap50).toBeCloseTo((100 * 51) / 101 / 2, 9);
    expect(figures.find(({ name }) => name === "horse")?.ap50).toBeCloseTo(100, 9);
  });

  it("takes detections in the order of the image ids as texts", () => {
    const hit = row(truth, truth);
    const far = row(truth, graph({ "horse.1": [0, 50, 40, 90] }));
    const horse = (ids: readonly [string, string]) =>
      metricsOf([named(ids[0], hit), named(ids[1], far)]).per_class.find(
        ({ name }) => name === "horse",
      )?.ap50;
    expect(horse(["1", "2"])).toBeCloseTo((100 * 51) / 101, 9);
    expect(horse(["2", "10"])).toBeCloseTo((100 * 51) / 101 / 2, 9); // "10" comes before "2"
  });
});

it("divides mR@K by all predicates, those that the truth lacks included", () => {
  expect(metricsOf([row(truth, truth)]).mean_recall["20"]).toBeCloseTo(100 / 50, 9);
});

it("does not enforce the graph constraint", () => {
  const said = graph(boxes, ["man.1 near horse.2", "man.1 riding horse.2"]);
  expect(metricsOf([row(truth, said)]).recall["20"]).toBe(100);
});

describe("names", () => {
  const { answer } = vg150;
  const psgAnswer = releaseProtocol("psg").answer;

  it.each([
    ["bicycle", "bike"], // WordNet
    ["cowboy hat", "hat"], // the static map
    ["Palm_Tree", "tree"], // word by word
    ["grass", "pot"], // a slip of WordNet's senses
    ["ufo", undefined],
  ])("reads the object %j as %j", (said, name) => {
    expect(answer.object(said)).toBe(name);
  });

  it.each([
    ["riding", { name: "riding", swapped: false }],
    ["is on", { name: "on", swapped: false }],
    ["worn by", { name: "wearing", swapped: true }],
    ["sleeping", { name: "lying on", swapped: false }],
    ["reflects", undefined], // the static map leads to "reflecting", which is no class
  ])("reads the predicate %j as %j", (said, read) => {
    expect(answer.predicate(said)).toEqual(read);
  });

  it("knows all objects of PSG by their own names, and loses synonyms", () => {
    for (const name of psg.objects) expect(psgAnswer.object(name)).toBe(refine(name));
    expect(psgAnswer.object("man")).toBe("person"); // the static map
    expect(psgAnswer.object("sofa")).toBeUndefined(); // WordNet is asked for predicates
    expect(psgAnswer.object("desk")).toBeUndefined(); // the static map leads to "table"
  });
});

describe("zero-shot triplets", () => {
  it("are those of VG150's list", () => {
    expect(isUnseenInVg150("airplane", "over", "airplane")).toBe(true);
    expect(isUnseenInVg150("man", "wearing", "shirt")).toBe(false);
  });

  it("are read for PSG by the ids that VG150's have", () => {
    const { isUnseen } = releaseProtocol("psg");
    const place = (name: string) => ({ name, box: [0, 0, 1, 1] as const });
    // "airplane over airplane" of VG150 is 1, 33, 1: of PSG, bicycle and the 33rd predicate.
    const triplet = (subject: string, predicate: string, object: string) => ({
      subject: place(subject),
      predicate,
      object: place(object),
    });
    const predicate = psg.predicates[32]!;
    expect(isUnseen?.(triplet("bicycle", predicate, "bicycle"))).toBe(true);
    expect(isUnseen?.(triplet("person", predicate, "bicycle"))).toBe(false);
  });
});

it("does not call an empty graph a failure", () => {
  expect(metricsOf([row(truth, graph({}))]).failed).toBe(0);
});
