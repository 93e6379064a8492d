import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { curvePanels, curvesSvg, type TrainingLogs } from "../../src/report/curves.ts";

const steps = [1, 2, 3, 4, 5];
const logs: TrainingLogs = {
  sft: steps.map((step) => ({ step, loss: 5 - step, grad_norm: 1 })),
  grpo: steps.map((step) => ({
    step,
    reward: step,
    "rewards/format_reward/mean": 1,
    "rewards/edge_hard_reward/mean": step - 1,
    "rewards/edge_hard_reward/std": 98765,
  })),
  integrity: {
    tolerance: 1e-5,
    steps: steps.map((step) => ({ step, logprob_max_abs_diff: step === 3 ? 0 : 1e-6 * step })),
  },
};
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
/** What a mark says of itself to a reader who cannot see it. */
const marks = (svg: string) => [
  ...new Set([...svg.matchAll(/aria-label="(optimiser step: [^"]*)"/g)].map(([, label]) => label)),
];

describe("curvesSvg", () => {
  it("draws loss, rewards and the integrity of the syncs side by side", async () => {
    const svg = await curvesSvg(logs);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        "SFT: loss",
        "GRPO: reward",
        "Log-prob. after weight sync",
        "tolerance",
      ]),
    );
    expect(texts(svg)).toEqual(expect.arrayContaining(["total", "format", "edge_hard"]));
    expect(marks(svg)).toContain("optimiser step: 4; mean of the step: 3; series: edge_hard");
    expect(marks(svg).join()).not.toContain("98765");
  });

  it("is the same text for the same logs", async () => {
    expect(await curvesSvg(logs)).toBe(await curvesSvg(logs));
  });

  it("is an image that other programs can read, black on white", async () => {
    const picture = sharp(Buffer.from(await curvesSvg(logs)));
    const grey = await picture.clone().greyscale().raw().toBuffer();
    expect(Math.max(...grey.subarray(0, 1000))).toBe(255);
    expect(grey.reduce((least, one) => Math.min(least, one))).toBeLessThan(40);
    expect((await picture.metadata()).width).toBeGreaterThan(1000);
  });

  it("says so when there is nothing to draw", async () => {
    expect(texts(await curvesSvg({ sft: [], grpo: [] }))).toEqual(["no training step was logged"]);
  });
});

describe("curvePanels", () => {
  it("gives a panel for each log that has steps", async () => {
    expect(await curvePanels(logs)).toHaveLength(3);
    expect((await curvePanels({ sft: logs.sft, grpo: [] })).flatMap(texts)).toContain("SFT: loss");
    expect(await curvePanels({ sft: [], grpo: logs.grpo })).toHaveLength(1);
  });

  it("leaves out what is no number, and draws a difference of zero at the foot", async () => {
    const odd = [
      { step: 1, loss: Number.NaN },
      { step: 2, loss: "3" },
      { loss: 4 },
      { step: 3, loss: 2 },
    ];
    const [loss] = await curvePanels({ sft: odd, grpo: [] });
    expect(marks(loss!)).toEqual(["optimiser step: 3; cross-entropy, nats: 2; series: loss"]);
    const [integrity] = await curvePanels({ ...logs, sft: [], grpo: [] });
    expect(marks(integrity!)).toContain(
      "optimiser step: 3; difference, nats: 1e-9; series: difference",
    );
  });

  it("draws a running mean over many steps and no mark on each", async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ step: i + 1, loss: i % 2 }));
    const [svg] = await curvePanels({ sft: many, grpo: [] });
    expect(marks(svg!).length).toBeLessThan(5);
    expect(svg).toContain(' opacity="0.3"');
  });
});
