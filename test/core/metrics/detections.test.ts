import { describe, expect, it } from "vitest";
import { iou } from "../../../src/core/geometry/iou.ts";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { judgeDetections } from "../../../src/core/metrics/detections.ts";
import type { NamedBox } from "../../../src/core/metrics/scene.ts";

const cat = (...box: Box): NamedBox => ({ name: "cat", box });
const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
const rules = { overlap: iou, areas: [[0, 1e10]] as const, areaOf: area };
/** The thresholds from 0.5 up to an overlap, as bits. */
const upTo = (overlap: number) => {
  let bits = 0;
  for (let i = 0; i < 10; i += 1) if (0.5 + 0.05 * i <= overlap + 1e-9) bits |= 1 << i;
  return bits;
};

describe("judgeDetections", () => {
  it("says at which thresholds a detection hits", () => {
    const [result] = judgeDetections([cat(0, 0, 10, 10)], [cat(0, 0, 10, 7)], rules);
    expect(result).toEqual({
      name: "cat",
      positives: [1],
      hits: [[upTo(0.7)]],
      ignored: [[0]],
    });
  });

  it("gives a true box to the first that takes it, at each threshold", () => {
    const [result] = judgeDetections(
      [cat(0, 0, 10, 10)],
      [cat(0, 0, 10, 6), cat(0, 0, 10, 9)],
      rules,
    );
    expect(result?.hits).toEqual([[upTo(0.6), upTo(0.9) & ~upTo(0.6)]]);
  });

  it("keeps classes apart", () => {
    const results = judgeDetections(
      [cat(0, 0, 10, 10)],
      [{ name: "dog", box: [0, 0, 10, 10] }],
      rules,
    );
    expect(results).toEqual([
      { name: "cat", positives: [1], hits: [[]], ignored: [[]] },
      { name: "dog", positives: [0], hits: [[0]], ignored: [[0]] },
    ]);
  });

  it("ignores what is outside of a range of area, be it matched or not", () => {
    const areas = [[50, 200]] as const;
    const truth = [cat(0, 0, 20, 20), cat(30, 0, 40, 10)];
    const said = [cat(0, 0, 20, 20), cat(30, 0, 40, 10), cat(50, 50, 51, 51), cat(60, 60, 70, 70)];
    const [result] = judgeDetections(truth, said, { ...rules, areas });
    expect(result?.positives).toEqual([1]);
    expect(result?.hits).toEqual([[0, upTo(1), 0, 0]]);
    // Matched to an ignored truth, a hit, too small and unmatched, and a false positive.
    expect(result?.ignored).toEqual([[upTo(1), 0, upTo(1), 0]]);
  });

  it("prefers a true box that counts to one that is ignored", () => {
    const areas = [[90, 200]] as const; // the second is smaller
    const truth = [cat(0, 0, 10, 8), cat(0, 0, 10, 10)];
    const [result] = judgeDetections(truth, [cat(0, 0, 10, 8)], { ...rules, areas });
    expect(result?.hits).toEqual([[upTo(0.8)]]);
    expect(result?.ignored).toEqual([[upTo(1) & ~upTo(0.8)]]);
  });

  it("lets the lost object be taken and counts the one that took it as wrong", () => {
    const truth = [cat(0, 0, 10, 10)];
    const [result] = judgeDetections(truth, [cat(0, 0, 10, 10)], rules, truth[0]);
    expect(result).toEqual({ name: "cat", positives: [1], hits: [[0]], ignored: [[0]] });
  });

  it("counts an overlap of NaN as a match, which is COCO's way", () => {
    const broken = { ...rules, overlap: () => Number.NaN };
    const [result] = judgeDetections([cat(0, 0, 1, 1)], [cat(9, 9, 9, 9)], broken);
    expect(result?.hits).toEqual([[upTo(1)]]);
  });
});
