import { describe, expect, it } from "vitest";
import { inferProgress, inferSummary, inWords } from "../../src/cli/infer-progress.ts";

const images = (count: number, unanswered = 0) => ({
  ...{ of: 1000, kept: 100, answered: count },
  unanswered: Array.from({ length: unanswered }, () => ({ image_id: "x", reason: "r" })),
});

describe("inferProgress", () => {
  it("tells the rate of the last minute and the time that is left at that", () => {
    let now = 0;
    const words = inferProgress(() => now);
    now = 10_000;
    expect(words(images(5))).toBe("105 of 1000 images");
    now = 20_000;
    expect(words(images(40))).toBe("140 of 1000 images, 2.0 a second, 8 min left");
    // From then on twice as fast: after a minute nothing of the slow start is left.
    for (; now < 90_000; now += 10_000) words(images(40 + (now - 20_000) / 250));
    expect(words(images(316, 4))).toBe(
      "416 of 1000 images, 4 unanswered, 4.0 a second, 3 min left",
    );
  });
});

it.each([
  [0, "0 s"],
  [89.2, "90 s"],
  [119.5, "2 min"],
  [600, "10 min"],
  [7100, "119 min"],
  [7201, "2 h 1 min"],
  [90_000, "25 h 0 min"],
])("%d seconds are %s", (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

it("inferSummary counts images, then tries server by server", () => {
  const servers = [
    { url: "http://a", answered: 30, failures: 1 },
    { url: "http://b", answered: 10, failures: 0 },
  ];
  expect(inferSummary({ ...images(40, 2), servers })).toEqual([
    "1000 images: 40 answered now, 100 before, 2 unanswered; 1 try failed",
    "http://a: 30 answered, 1 failed",
    "http://b: 10 answered, 0 failed",
  ]);
});
