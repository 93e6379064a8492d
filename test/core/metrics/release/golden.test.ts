import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { predictedGraph } from "../../../../src/core/graph/predicted-graph.ts";
import type { Target } from "../../../../src/core/graph/scene-graph.ts";
import { prepare } from "../../../../src/core/metrics/figures.ts";
import { type EvaluationRow, judge } from "../../../../src/core/metrics/judge.ts";
import type { Cutoff } from "../../../../src/core/metrics/recall.ts";
import { type CocoFigures, releaseMetrics } from "../../../../src/core/metrics/release/metrics.ts";
import { releaseProtocol } from "../../../../src/core/metrics/release/protocol.ts";
import { toScene } from "../../../../src/core/metrics/scene.ts";
import { tallyOf } from "../../../../src/core/metrics/tally.ts";

type AtK = Readonly<Record<Cutoff, number | null>>;

interface GoldenImage {
  readonly note: string;
  readonly missing_prediction?: boolean;
  readonly failed?: boolean;
  readonly mapped_objects?: readonly (readonly [id: string, name: string, label: number])[];
  readonly relation_triplets?: readonly (readonly [string, string, string])[];
  readonly pairs?: readonly (readonly [number, number])[];
  readonly recall?: { readonly sgdet_recall?: AtK; readonly sgdet_zeroshot_recall?: AtK };
}

interface Golden {
  readonly failure: {
    readonly failed: number;
    readonly total: number;
    readonly rate_percent: number;
  };
  readonly mean: {
    readonly sgdet_recall: AtK & { readonly n_images: number };
    readonly sgdet_zeroshot_recall: AtK & { readonly n_images: number };
    readonly sgdet_mean_recall: AtK;
    readonly sgdet_mean_recall_list: Readonly<Record<Cutoff, readonly number[]>>;
  };
  readonly coco_stats: Readonly<Record<keyof CocoFigures, number>>;
  readonly per_class_AP50: Readonly<
    Record<string, { readonly AP50: number; readonly recall50: number }>
  >;
  readonly imgIds: readonly string[];
  readonly printed: {
    readonly whole_ngR: number;
    readonly whole_mean_of_ngR: number;
    readonly ngR_per_image: number;
    readonly mean_ngR_per_image: number;
    readonly num_gt_rels: number;
    readonly mR_list: readonly (readonly [string, number])[];
    readonly mR_per_image: readonly (readonly [string, number])[];
  };
  readonly per_image: Readonly<Record<string, GoldenImage>>;
}

const folder = new URL("../../../golden/eval/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const lines = <T>(name: string): T[] =>
  read(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
const expected = JSON.parse(read("expected.json")) as Record<"vg150" | "psg", Golden>;

interface Said {
  readonly image_id: string;
  readonly response: string;
  readonly box_scale?: readonly [number, number];
}

function rowsOf(data: string): EvaluationRow[] {
  const answers = new Map(
    lines<Said>(`${data}-predictions.jsonl`).map((one) => [one.image_id, one]),
  );
  return lines<Target>(`${data}-dataset.jsonl`).map((target) => {
    const said = answers.get(target.image_id);
    const scale = said?.box_scale ?? [1000, 1000];
    return { target, prediction: said && predictedGraph(said.response, scale, target) };
  });
}

/** In percent and within 1e-9 of the share that the reference gives; null for its NaN and -1. */
const close = (share: number | null) =>
  share === null || share === -1 ? null : expect.closeTo(100 * share, 9);
const closeAtK = ({ "20": a, "50": b, "100": c }: AtK) => ({
  "20": close(a),
  "50": close(b),
  "100": close(c),
});

describe.each(["vg150", "psg"] as const)("--compat release on %s", (data) => {
  const golden = expected[data];
  const rows = rowsOf(data);
  const protocol = releaseProtocol(data);
  const metrics = releaseMetrics(prepare(tallyOf(rows, protocol)));

  it("gives the failure rate", () => {
    const { failed, total, rate_percent } = golden.failure;
    expect(metrics).toMatchObject({ failed, answered: total, failure_rate: rate_percent });
  });

  it("gives all thirteen figures of COCO", () => {
    const wanted = Object.entries(golden.coco_stats).map(([name, share]) => [name, close(share)]);
    expect(metrics.coco).toEqual(Object.fromEntries(wanted));
    expect(metrics.ap50).toEqual(close(golden.coco_stats.AP50));
    expect(metrics.ap).toEqual(close(golden.coco_stats.AP));
  });

  it("gives AP50 and recall of each class", () => {
    const first = data === "vg150" ? 1 : 0; // the id of the first class
    const wanted = Object.entries(golden.per_class_AP50).map(([id, { AP50, recall50 }]) => ({
      name: protocol.classes.objects[Number(id) - first],
      ap50: close(AP50),
      recall50: close(recall50),
    }));
    expect(metrics.per_class).toEqual(wanted.map((one) => expect.objectContaining(one)));
  });

  it("gives R@K, mR@K and zR@K", () => {
    const { sgdet_recall, sgdet_mean_recall, sgdet_zeroshot_recall } = golden.mean;
    expect(metrics.recall).toEqual(closeAtK(sgdet_recall));
    expect(metrics.recall_images).toBe(sgdet_recall.n_images);
    expect(metrics.mean_recall).toEqual(closeAtK(sgdet_mean_recall));
    expect(metrics.zero_shot_recall).toEqual(closeAtK(sgdet_zeroshot_recall));
    expect(metrics.zero_shot_images).toBe(sgdet_zeroshot_recall.n_images);
  });

  it("gives R@K of each predicate", () => {
    const lists = golden.mean.sgdet_mean_recall_list;
    const wanted = protocol.classes.predicates.map((predicate, i) => {
      const at = { "20": lists["20"][i]!, "50": lists["50"][i]!, "100": lists["100"][i]! };
      return expect.objectContaining({ predicate, recall: closeAtK(at) });
    });
    expect(metrics.per_predicate).toEqual(wanted);
  });

  it("gives the recalls without a K", () => {
    const { printed } = golden;
    expect(metrics.micro_recall).toEqual(close(printed.whole_ngR));
    expect(metrics.micro_mean_recall).toEqual(close(printed.whole_mean_of_ngR));
    expect(metrics.per_image_recall).toEqual(close(printed.ngR_per_image));
    expect(metrics.per_image_mean_recall).toEqual(close(printed.mean_ngR_per_image));
  });

  it("gives the recalls without a K of each predicate", () => {
    const seen = metrics.per_predicate.filter(({ micro_recall }) => micro_recall !== null);
    const micro = seen.map(({ predicate, micro_recall }) => [predicate, micro_recall]);
    const byImage = seen.map(({ predicate, per_image_recall }) => [predicate, per_image_recall]);
    const wanted = (list: Golden["printed"]["mR_list"]) =>
      list.map(([name, share]): [string, unknown] => [name, close(share)]);
    expect(Object.fromEntries(micro)).toEqual(Object.fromEntries(wanted(golden.printed.mR_list)));
    expect(Object.fromEntries(byImage)).toEqual(
      Object.fromEntries(wanted(golden.printed.mR_per_image)),
    );
  });

  it.each(Object.entries(golden.per_image))("reads and judges image %s", (id, image) => {
    const place = rows.findIndex(({ target }) => target.image_id === id);
    const row = rows[place]!;
    const { relations, isCounted, answer } = judge(row, place, protocol);
    expect(answer).toBe(image.missing_prediction ? "none" : image.failed ? "failed" : "read");
    const share = (list: typeof relations, limit: number) =>
      list.filter(({ rank }) => rank < limit).length / list.length;
    const atK = (list: typeof relations) =>
      isCounted && list.length > 0
        ? { "20": share(list, 20), "50": share(list, 50), "100": share(list, 100) }
        : undefined;
    expect(atK(relations)).toEqual(image.recall?.sgdet_recall);
    expect(atK(relations.filter(({ isUnseen }) => isUnseen))).toEqual(
      image.recall?.sgdet_zeroshot_recall,
    );
    if (!image.mapped_objects || !row.prediction?.ok) return;
    const scene = toScene(row.prediction.graph, protocol.answer);
    expect(scene.objects.map(({ name }) => name)).toEqual(
      image.mapped_objects.map(([, name]) => name),
    );
    expect(
      scene.triplets.map(({ subject, predicate, object }) => [
        subject.name,
        predicate,
        object.name,
      ]),
    ).toEqual(image.relation_triplets);
    expect(
      scene.triplets.map(({ subject, object }) => [
        scene.objects.indexOf(subject),
        scene.objects.indexOf(object),
      ]),
    ).toEqual(image.pairs);
  });
});
