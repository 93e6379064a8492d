import { expect, it } from "vitest";
import {
  chooseImages,
  type ImageSummary,
  meanOf,
} from "../../../src/report/gallery/choose-images.ts";

/** A hundred images, recall 1 to 100; the third in ten failed by the second model; `rare` in one. */
const summaries = Array.from({ length: 100 }, (_, i): ImageSummary => {
  const failed = i % 10 === 3;
  return {
    recalls: [i + 1, failed ? 0 : i + 1],
    failed: [false, failed],
    predicates: i === 55 ? ["on", "rare"] : ["on"],
  };
});

it("takes all images where there are no more than are wanted", () => {
  const { places, note } = chooseImages(summaries.slice(0, 5), 5, 0);
  expect(places).toEqual([0, 1, 2, 3, 4]);
  expect(note).toBe("All 5 images are here.");
});

it("has some of each kind, in the order of the data, and says so", () => {
  const { places, note } = chooseImages(summaries, 12, 0);
  expect(places).toHaveLength(12);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).toEqual(expect.arrayContaining([99, 0, 93, 55])); // best, worst, differing, rare
  expect(places.filter((place) => place % 10 === 3).length).toBeGreaterThanOrEqual(2);
  expect(note).toBe(
    "12 of 100 images are here, taken in turn from those that a model failed to answer (10 there are), the best and the worst by mean recall, those on which the models differ most, one for each of the 2 predicates from the rarest on, and at random (seed 0); filters look at these alone.",
  );
});

it("has the only failure among many images that are alike", () => {
  const alike = { recalls: [50, 50], failed: [false, false], predicates: ["on"] };
  const lone = { recalls: [null, null], failed: [false, true], predicates: [] };
  const many = Array.from({ length: 1000 }, (_, i) => (i === 700 ? lone : alike));
  expect(chooseImages(many, 6, 0).places).toContain(700);
});

it("is the same for the same seed and another for another", () => {
  const same = summaries.map((one) => ({ ...one, recalls: [0, 0], failed: [false, false] }));
  expect(chooseImages(same, 10, 1)).toEqual(chooseImages(same, 10, 1));
  expect(chooseImages(same, 10, 1).places).not.toEqual(chooseImages(same, 10, 2).places);
});

it("does with images that have no relation, and with none at all", () => {
  const bare = { recalls: [null, null], failed: [true, false], predicates: [] };
  expect(chooseImages([bare, bare, bare], 2, 0).places).toHaveLength(2);
  expect(chooseImages([], 2, 0)).toEqual({ places: [], note: "All 0 images are here." });
});

it.each([
  [[10, 20], 15],
  [[null, 20], 20],
  [[null], null],
  [[], null],
])("the mean of %j is %s", (values, mean) => {
  expect(meanOf(values)).toBe(mean);
});
