import { expect, it } from "vitest";
import { bootstrap } from "../../src/core/metrics/bootstrap.ts";
import type { Comparison } from "../../src/core/metrics/compare.ts";
import { strictMetrics } from "../../src/core/metrics/evaluate.ts";
import { explain } from "../../src/core/metrics/explain.ts";
import { figuresOf, prepare } from "../../src/core/metrics/figures.ts";
import { strictProtocol } from "../../src/core/metrics/protocol.ts";
import { datasetClasses } from "../../src/core/metrics/scene.ts";
import { tallyOf } from "../../src/core/metrics/tally.ts";
import { compareText } from "../../src/report/compare-text.ts";
import { evalText } from "../../src/report/eval-text.ts";
import { explainSvg } from "../../src/report/explain-svg.ts";
import { explainText } from "../../src/report/explain-text.ts";
import { image } from "./report-fixture.ts";

const { target, answers } = image;
const { prediction } = answers.find(({ method }) => method === "SFT+RL")!;
const row = { target, prediction };
const protocol = strictProtocol(datasetClasses([target]));
const prepared = prepare(tallyOf([row], protocol));

it("prints each figure, with its interval where there is one", () => {
  const metrics = strictMetrics(prepared);
  const options = { samples: 20, seed: 3 };
  const text = evalText("SFT+RL", { ...metrics, confidence: bootstrap(prepared, options) });
  expect(text).toMatch(/^Method +Failure % ↓.*\nSFT\+RL +0\.00/);
  expect(text).toMatch(/^R@20 +50\.00 +\[50\.00, 50\.00\]$/m);
  expect(text).toMatch(/^ng-R@100 +50\.00$/m);
  expect(text).not.toMatch(/^zR/m);
  expect(text).toContain("bootstrap over images, 20 samples, seed 3");
  expect(evalText("SFT+RL", { ...metrics, confidence: null })).not.toContain("interval");
});

it("stars the differences whose interval leaves out 0, and dashes what a side lacks", () => {
  const figures = { ...figuresOf(prepared), ap50: null };
  const none = { "20": null, "50": null, "100": null };
  const comparison: Comparison = {
    level: 95,
    samples: 9,
    seed: 1,
    images: 1,
    a: figures,
    b: figures,
    difference: { ...figures, failure_rate: 3, micro_recall: -1, recall: none, mean_recall: none },
    interval: {
      failure_rate: [1, 5],
      ap50: null,
      recall: none,
      mean_recall: none,
      zero_shot_recall: null,
      micro_recall: [-3, 1],
      per_image_recall: [-3, -1],
    },
    by_image: [],
  };
  const text = compareText({ a: "one", b: "two" }, comparison);
  expect(text).toMatch(/^Failure rate .*\+3\.00 +\[1\.00, 5\.00\] +\*$/m);
  expect(text).toMatch(/^AP50 +– +– +–$/m);
  expect(text).toMatch(/^Micro recall .*-1\.00 +\[-3\.00, 1\.00\]$/m);
  expect(text).toMatch(/^Per-image recall .*\[-3\.00, -1\.00\] +\*$/m);
});

it("explains an image in words", () => {
  const text = explainText(explain(row, protocol));
  expect(text).toMatch(/^.+ \(strict\): 1 of 2 relations found; R@20 50\.00, R@50 50\.00/);
  expect(text).toMatch(/Truth\n {2}1\. cat\.1 wears hat\.2\n {5}found at place 1 by relation/);
  expect(text).toMatch(/missed \([a-z ]+\): /);
});

it("draws an explanation as one SVG that asks for nothing else", () => {
  const hostile = {
    target: { ...target, image_id: "<script>" },
    prediction: { ok: false, reason: 'no JSON & "<b>"' } as const,
  };
  const svg = explainSvg(hostile, explain(hostile, protocol));
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("no JSON &amp; &quot;&lt;b&gt;&quot;");
  expect(svg).toContain('<rect id="picture"');
  const drawn = explainSvg(row, explain(row, protocol), "data:image/png;base64,AAAA");
  expect(drawn).toContain('<image id="picture" href="data:image/png;base64,AAAA"');
  expect(drawn.match(/<g class="relation hit"/g)).toHaveLength(2); // once in the truth, once said
  expect(drawn.match(/<g class="relation miss"/g)?.length).toBeGreaterThan(0);
  expect(drawn.match(/(?:href|src)="(?!#|data:)/g)).toBeNull();
});
