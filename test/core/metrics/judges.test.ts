import { describe, expect } from "vitest";
import { evaluate } from "../../../src/core/metrics/evaluate.ts";
import type { AtCutoffs } from "../../../src/core/metrics/recall.ts";
import { askOracle } from "../../helpers/oracle.ts";
import { requires } from "../../helpers/requires.ts";
import { type Crowd, namesOf, numberedImages, toRow } from "./numbered.ts";

const { it } = requires("python");

interface Shares {
  readonly recall: Readonly<Record<keyof AtCutoffs, number>>;
  readonly mean_recall: Readonly<Record<keyof AtCutoffs, number>>;
}

/** What other people's judges say of the images, and what we do. */
async function judged<T>(count: number, seed: number, crowd: Crowd, judges: readonly string[]) {
  const images = numberedImages(count, seed, crowd);
  const { classes, predicates } = crowd;
  const input = { images, classes, predicates, judges };
  const answers = await askOracle("import sgdet; sgdet.main()", input);
  return {
    answers: answers as Record<string, T>,
    ours: evaluate(images.map(toRow), namesOf(crowd)),
  };
}

/** Within 1e-9, in percent. */
const close = (share: number) => expect.closeTo(100 * share, 9);
const closeShares = ({ recall, mean_recall }: Shares) => {
  const at = (of: Shares["recall"]) => ({
    "20": close(of["20"]),
    "50": close(of["50"]),
    "100": close(of["100"]),
  });
  return { recall: at(recall), mean_recall: at(mean_recall) };
};

const few: Crowd = { classes: 25, predicates: 12, objects: 14, triplets: 18 };
const crowded: Crowd = { classes: 3, predicates: 3, objects: 16, triplets: 90 };
const clear: Crowd = {
  classes: 60,
  predicates: 12,
  objects: 14,
  triplets: 30,
  isUnambiguous: true,
};

describe("--compat strict beside other judges", () => {
  it("gives AP and AP50 of pycocotools and of faster-coco-eval on 2,000 images", async () => {
    const judges = ["pycocotools", "faster-coco-eval"];
    const { answers, ours } = await judged<{ ap: number; ap50: number }>(2000, 11, few, judges);
    expect(ours.ap50).toBeGreaterThan(20);
    for (const judge of judges) {
      expect(ours.ap, judge).toEqual(close(answers[judge]!.ap));
      expect(ours.ap50, judge).toEqual(close(answers[judge]!.ap50));
    }
  }, 300_000);

  it("gives their AP where a class has more than 100 detections in an image", async () => {
    const flood: Crowd = { classes: 2, predicates: 1, objects: 400, triplets: 1 };
    const judges = ["pycocotools", "faster-coco-eval"];
    const { answers, ours } = await judged<{ ap: number; ap50: number }>(30, 12, flood, judges);
    for (const judge of judges) {
      expect(ours.ap, judge).toEqual(close(answers[judge]!.ap));
      expect(ours.ap50, judge).toEqual(close(answers[judge]!.ap50));
    }
  }, 300_000);

  it("gives R@K and mR@K of sgbench on 2,000 scenes without ambiguous matches", async () => {
    const { answers, ours } = await judged<Shares>(2000, 13, clear, ["sgbench"]);
    expect(ours.recall["50"]).toBeGreaterThan(20);
    expect(ours.recall["20"]).toBeLessThan(ours.recall["50"]!);
    expect(ours).toMatchObject(closeShares(answers.sgbench!));
  }, 300_000);

  it("gives R@K and mR@K of the definition, written out, on 1,000 crowded scenes", async () => {
    const judges = ["definition", "definition without constraint"];
    const { answers, ours } = await judged<Shares>(1000, 14, crowded, judges);
    const free = { recall: ours.ng_recall, mean_recall: ours.ng_mean_recall };
    expect(free.recall["20"]).toBeLessThan(free.recall["100"]!);
    expect(free.recall["100"]).not.toBeCloseTo(ours.recall["100"]!, 3);
    expect(ours).toMatchObject(closeShares(answers.definition!));
    expect(free).toEqual(closeShares(answers["definition without constraint"]!));
  }, 300_000);
});
