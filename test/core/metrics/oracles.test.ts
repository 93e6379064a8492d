import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Box, SceneGraph } from "../../../src/core/graph/scene-graph.ts";

import { evaluate } from "../../../src/core/metrics/evaluate.ts";
import { anyGraph, classes, row } from "./scenes.ts";

type Written = readonly (readonly [string, number, number, number, number])[];
const vectors = JSON.parse(
  readFileSync(new URL("parity/ap50.json", import.meta.url), "utf8"),
) as readonly { images: readonly { truth: Written; predicted: Written }[]; ap50: number }[];

it.each(vectors.map((vector, i) => ({ ...vector, i })))(
  "gives the AP50 of pycocotools for case $i: $ap50",
  ({ images, ap50 }) => {
    const graphOf = (list: Written): SceneGraph => ({
      objects: list.map(([name, ...bbox], i) => ({ id: `${name}.${i + 1}`, bbox })),
      relationships: [],
    });
    const rows = images.map(({ truth, predicted }) => row(graphOf(truth), graphOf(predicted)));
    const names = ["cat", "dog", "tree", "hat"];
    expect(evaluate(rows, { objects: names, predicates: [] }).ap50).toBeCloseTo(ap50, 9);
  },
);

/** R@K restated from the text of the definition, by sets and area counting of whole pixels. */
function recallByCounting(truth: SceneGraph, answer: SceneGraph, k: number): number | null {
  const pixels = ([x1, y1, x2, y2]: Box) => {
    const set = new Set<number>();
    for (let x = x1; x < x2; x += 1) for (let y = y1; y < y2; y += 1) set.add(1000 * x + y);
    return set;
  };
  const look = (graph: SceneGraph, id: string) => graph.objects.find((one) => one.id === id)!;
  const alike = (a: { id: string; bbox: Box }, b: { id: string; bbox: Box }) => {
    if (a.id.replace(/\..*/, "") !== b.id.replace(/\..*/, "")) return false;
    const [left, right] = [pixels(a.bbox), pixels(b.bbox)];
    const shared = [...left].filter((pixel) => right.has(pixel)).length;
    return 2 * shared >= left.size + right.size - shared;
  };
  const pairs = new Map(
    answer.relationships
      .toReversed()
      .map((relation) => [`${relation.subject}>${relation.object}`, relation]),
  );
  const kept = answer.relationships.filter((one) => [...pairs.values()].includes(one)).slice(0, k);
  const found = truth.relationships.filter((wanted) =>
    kept.some(
      (said) =>
        said.predicate === wanted.predicate &&
        alike(look(answer, said.subject), look(truth, wanted.subject)) &&
        alike(look(answer, said.object), look(truth, wanted.object)),
    ),
  );
  return truth.relationships.length > 0 ? (100 * found.length) / truth.relationships.length : null;
}

it("gives the recall of the definition, restated by counting pixels", () => {
  const jittered = fc
    .tuple(
      anyGraph,
      anyGraph,
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 24, maxLength: 24 }),
    )
    .map(([truth, other, by]) => ({
      truth,
      answer: {
        objects: [
          ...truth.objects.map(({ id, bbox: [x1, y1, x2, y2] }, i) => ({
            id,
            bbox: [x1, y1, Math.max(x1 + 1, x2 + by[i]!), Math.max(y1 + 1, y2 + by[i + 6]!)] as Box,
          })),
          ...other.objects.map((one) => ({ ...one, id: `${one.id}b` })),
        ],
        relationships: [
          ...other.relationships.map((one) => ({
            ...one,
            subject: `${one.subject}b`,
            object: `${one.object}b`,
          })),
          ...truth.relationships.toReversed(),
        ],
      },
    }));
  fc.assert(
    fc.property(jittered, ({ truth, answer }) => {
      const metrics = evaluate([row(truth, answer)], classes);
      const wanted = recallByCounting(truth, answer, 20);
      expect(metrics.recall["20"]).toEqual(wanted === null ? null : expect.closeTo(wanted, 9));
    }),
    { numRuns: 200 },
  );
});
