import type { Parsed, Target } from "../../src/core/graph/scene-graph.ts";
import { strictProtocol } from "../../src/core/metrics/protocol.ts";
import { datasetClasses } from "../../src/core/metrics/scene.ts";
import type { Gallery } from "../../src/report/gallery/gallery.ts";
import type { Report } from "../../src/report/html.ts";
import type { MetricsRow } from "../../src/report/table.ts";

/** A row whose cut-offs all have the same figures, or the three that are given. */
export const metricsRow = (
  method: string,
  [failure, ap50, recall, mean]: readonly (number | null)[],
): MetricsRow => ({
  method,
  failure_rate: failure ?? null,
  ap50: ap50 ?? null,
  recall: { "20": recall ?? null, "50": recall ?? null, "100": recall ?? null },
  mean_recall: { "20": mean ?? null, "50": mean ?? null, "100": mean ?? null },
});

/** Texts that a page must show and not obey. */
export const hostile = `</script><script>window.owned=1</script></style></svg><img src="https://evil.example/x" onerror="window.owned=1">'"&amp;<b>`;

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface FixtureImage {
  readonly target: Target;
  readonly thumbnail: string;
  readonly answers: readonly {
    readonly method: string;
    readonly prediction: Parsed | undefined;
    readonly response: string | undefined;
    readonly rewards: Readonly<Record<string, number>>;
  }[];
}

/** An image with four answers: a good one, a hostile one, one without boxes, and none. */
export const image: FixtureImage = {
  target: {
    image_id: `photo ${hostile}`,
    width: 200,
    height: 100,
    objects: [
      { id: "cat.1", bbox: [10, 10, 60, 60] },
      { id: "hat.2", bbox: [20, 0, 50, 20] },
      { id: "dog.3", bbox: [120, 20, 190, 90] },
    ],
    relationships: [
      { subject: "cat.1", predicate: "wears", object: "hat.2" },
      { subject: "dog.3", predicate: "near", object: "cat.1" },
    ],
  },
  thumbnail: pixel,
  answers: [
    {
      method: "baseline",
      prediction: { ok: false, reason: hostile },
      response: hostile,
      rewards: {},
    },
    {
      method: "SFT",
      prediction: {
        ok: true,
        graph: {
          objects: [
            { id: hostile, bbox: [Number.NaN, 0, 1, 1] },
            { id: "cat.1", bbox: [1e300, 60, -1e300, 10] },
            { id: "hat.2", bbox: [20, 0, 50, 20] },
          ],
          relationships: [
            { subject: "cat.1", predicate: hostile, object: "hat.2" },
            { subject: "cat.1", predicate: "near", object: "ghost.9" },
          ],
        },
      },
      response: hostile,
      rewards: { [hostile]: 1.5 },
    },
    {
      method: "SFT+RL",
      prediction: {
        ok: true,
        graph: {
          objects: [
            { id: "cat.1", bbox: [12, 10, 60, 60] },
            { id: "hat.2", bbox: [20, 1, 50, 20] },
            { id: "dog.3", bbox: [0, 20, 40, 90] },
          ],
          relationships: [
            { subject: "cat.1", predicate: "wears", object: "hat.2" },
            { subject: "dog.3", predicate: "near", object: "cat.1" },
          ],
        },
      },
      response: "{}",
      rewards: { format_reward: 1 },
    },
    { method: "other", prediction: undefined, response: undefined, rewards: {} },
  ],
};

/** That image as the gallery of a report. */
export const gallery: Gallery = {
  title: `validation ${hostile}`,
  models: image.answers.map(({ method }) => method),
  images: [{ target: image.target, picture: image.thumbnail, note: null, answers: image.answers }],
  protocol: strictProtocol(datasetClasses([image.target])),
  notes: [hostile],
};

/** A whole report with hostile texts in every place that takes one. */
export const report: Report = {
  title: `Smoke ${hostile}`,
  summary: hostile,
  facts: [{ name: hostile, value: hostile }],
  checks: [
    { name: "weight sync", passed: true, detail: hostile },
    { name: hostile, passed: false, detail: "no" },
  ],
  stages: [
    { name: hostile, seconds: 12.34 },
    { name: "grpo", seconds: 119.7 },
  ],
  rows: [metricsRow("baseline", [100, 0, 0, 0]), metricsRow(hostile, [50, 10, null, 5])],
  curves: ['<svg viewBox="0 0 9 9"><rect width="9" height="9" fill="white"/></svg>'],
  gallery,
};
