import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SceneGraph } from "../../../src/core/graph/scene-graph.ts";
import { evaluate, strictMetrics } from "../../../src/core/metrics/evaluate.ts";
import { prepare } from "../../../src/core/metrics/figures.ts";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { datasetClasses, type Triplet } from "../../../src/core/metrics/scene.ts";
import { tallyOf } from "../../../src/core/metrics/tally.ts";
import { anyGraph, anyRow, classes, graph, row } from "./scenes.ts";

const boxes = {
  "cat.1": [0, 0, 10, 10],
  "dog.2": [20, 0, 30, 10],
  "hat.3": [0, 20, 10, 30],
} as const;
const truth = graph(boxes, ["cat.1 on hat.3", "dog.2 near cat.1"]);

describe("evaluate", () => {
  it("gives the hand-worked figures of three images", () => {
    const rows = [
      row(truth, graph(boxes, ["cat.1 on hat.3"])), // one of two relations, all objects
      row(truth, "no JSON"),
      row(graph({ "cat.1": [0, 0, 10, 10] }), graph({ "cat.1": [0, 0, 10, 10] })),
    ];
    const metrics = evaluate(rows, classes);
    expect(metrics).toMatchObject({
      compat: "strict",
      images: 3,
      failed: 1,
      images_without_relations: 1,
      zero_shot_recall: null,
    });
    expect(metrics.failure_rate).toBeCloseTo(100 / 3, 12);
    expect(metrics.recall["20"]).toBe(25); // (1/2 + 0/2) / 2; the third has no relation
    expect(metrics.micro_recall).toBe(25); // 1 of 4
    expect(metrics.mean_recall["20"]).toBe(25); // on: 1/2, near: 0, wears: not in the truth
    expect(metrics.per_predicate.map(({ predicate }) => predicate)).toEqual(["on", "near"]);
    // cat: 2 of 3 found, first; levels 0 … 0.66 of 101. dog and hat: 1 of 2; levels 0 … 0.5.
    expect(metrics.ap50).toBeCloseTo((100 * (67 + 51 + 51)) / 101 / 3, 10);
  });

  it("tells micro recall from the mean of the images", () => {
    const small = graph(boxes, ["cat.1 on hat.3"]);
    const metrics = evaluate([row(small, small), row(truth, graph(boxes))], classes);
    expect(metrics.per_image_recall).toBe(50);
    expect(metrics.micro_recall).toBeCloseTo(100 / 3, 12);
  });

  it("averages a predicate over the images that have it", () => {
    const two = graph(boxes, ["cat.1 on hat.3", "dog.2 on hat.3"]);
    const one = graph(boxes, ["cat.1 on hat.3"]);
    const metrics = evaluate([row(two, one), row(one, one)], classes);
    expect(metrics.per_predicate).toEqual([
      { predicate: "on", images: 2, relationships: 3, recall: { "20": 75, "50": 75, "100": 75 } },
    ]);
  });

  it("counts only the first K triplets", () => {
    const wrong = Array.from({ length: 20 }, (_, i) => `cat.${i + 10} near hat.3`);
    const objects = Object.fromEntries(
      wrong.map((_, i) => [`cat.${i + 10}`, [50, 50, 60, 60] as const]),
    );
    const answer = graph({ ...boxes, ...objects }, [...wrong, "cat.1 on hat.3"]);
    const metrics = evaluate([row(graph(boxes, ["cat.1 on hat.3"]), answer)], classes);
    expect(metrics.recall).toEqual({ "20": 0, "50": 100, "100": 100 });
  });

  it.each([20, 50, 100] as const)("counts place %i within that K, and the next no more", (k) => {
    const at = (place: number) => {
      const others = Array.from({ length: place - 1 }, (_, i) => `dog.${i + 10}`);
      const objects = Object.fromEntries(others.map((dog) => [dog, [50, 50, 60, 60] as const]));
      const said = [...others.map((dog) => `${dog} near hat.3`), "cat.1 on hat.3"];
      const answer = graph({ ...boxes, ...objects }, said);
      return evaluate([row(graph(boxes, ["cat.1 on hat.3"]), answer)], classes).recall[`${k}`];
    };
    expect([at(k), at(k + 1)]).toEqual([100, 0]);
  });

  it("calls an image without an answer a failure", () => {
    const metrics = evaluate([row(truth, truth), row(truth)], classes);
    expect(metrics).toMatchObject({
      failed: 1,
      failure_rate: 50,
      ap50: expect.closeTo(5100 / 101),
    });
  });

  it("counts a relation at its first hit, however late it is said again", () => {
    const again = { ...boxes, "cat.4": boxes["cat.1"] } as const;
    const others = Array.from({ length: 20 }, (_, i) => [`dog.${i + 10}`, boxes["dog.2"]] as const);
    const between = others.map(([dog]) => `${dog} wears hat.3`);
    const said = ["cat.1 on hat.3", ...between, "cat.4 on hat.3"];
    const answer = graph({ ...again, ...Object.fromEntries(others) }, said);
    const metrics = evaluate([row(graph(boxes, ["cat.1 on hat.3"]), answer)], classes);
    expect(metrics.recall["20"]).toBe(100);
  });

  it("means the first of several objects with one id", () => {
    const answer: SceneGraph = {
      objects: [...graph(boxes).objects, { id: "cat.1", bbox: [70, 70, 80, 80] }],
      relationships: [{ subject: "cat.1", predicate: "on", object: "hat.3" }],
    };
    const wanted = graph(boxes, ["cat.1 on hat.3"]);
    expect(evaluate([row(wanted, answer)], classes).recall["20"]).toBe(100);
  });

  it("keeps the first predicate of an ordered pair and no second one", () => {
    const answer = graph(boxes, ["cat.1 near hat.3", "cat.1 on hat.3", "hat.3 on cat.1"]);
    const wanted = graph(boxes, ["cat.1 on hat.3", "hat.3 on cat.1"]);
    expect(evaluate([row(wanted, answer)], classes).recall["20"]).toBe(50);
  });

  it("takes every predicate of a pair without the graph constraint", () => {
    const answer = graph(boxes, ["cat.1 near hat.3", "cat.1 on hat.3", "hat.3 on cat.1"]);
    const wanted = graph(boxes, ["cat.1 on hat.3", "hat.3 near cat.1"]);
    const metrics = evaluate([row(wanted, answer)], classes);
    expect(metrics.recall["20"]).toBe(0);
    expect(metrics.ng_recall["20"]).toBe(50);
    expect(metrics.ng_mean_recall["20"]).toBe(50); // on: 1 of 1, near: 0 of 1
    expect(metrics.micro_recall).toBe(0);
  });

  it("averages AP over the overlaps from 0.5 to 0.95", () => {
    const only = graph({ "cat.1": [0, 0, 10, 10] });
    const metrics = evaluate([row(only, graph({ "cat.1": [0, 0, 10, 7] }))], classes);
    expect(metrics.ap50).toBeCloseTo(100, 9);
    expect(metrics.ap).toBeCloseTo(50, 9); // 0.5, 0.55, 0.6, 0.65, 0.7 of ten
    expect(metrics.per_class).toEqual([{ name: "cat", objects: 1, ap50: 100, recall50: 100 }]);
  });

  it("gives recall of the triplets that training lacks", () => {
    const isUnseen = ({ predicate }: Triplet) => predicate === "near";
    const strict = strictProtocol(classes, { isUnseen });
    const rows = [row(truth, graph(boxes, ["cat.1 on hat.3"])), row(truth, truth)];
    const metrics = strictMetrics(prepare(tallyOf(rows, strict)));
    expect(metrics.recall["20"]).toBe(75);
    expect(metrics.zero_shot_recall).toEqual({ "20": 50, "50": 50, "100": 50 });
    expect(metrics.ng_zero_shot_recall).toEqual({ "20": 50, "50": 50, "100": 50 });
  });

  it("cuts the predicates into head, body and tail by the truth itself", () => {
    const often = graph(boxes, ["cat.1 on hat.3", "dog.2 on hat.3", "dog.2 near cat.1"]);
    const metrics = evaluate([row(often, graph(boxes, ["cat.1 on hat.3"]))], classes);
    expect(metrics.groups).toEqual({
      frequencies: "the dataset",
      head: { predicates: ["on"], mean_recall: { "20": 50, "50": 50, "100": 50 } },
      body: { predicates: ["near"], mean_recall: { "20": 0, "50": 0, "100": 0 } },
      tail: { predicates: ["wears"], mean_recall: { "20": null, "50": null, "100": null } },
    });
  });

  it("asks for an overlap of at least one half of both boxes", () => {
    const shifted = (x: number) =>
      graph({ ...boxes, "hat.3": [x, 20, x + 12, 30] }, ["cat.1 on hat.3"]);
    const wide = graph({ ...boxes, "hat.3": [0, 20, 12, 30] }, ["cat.1 on hat.3"]);
    expect(evaluate([row(wide, shifted(4))], classes).recall["20"]).toBe(100); // 8 / 16
    expect(evaluate([row(wide, shifted(5))], classes).recall["20"]).toBe(0); // 7 / 17
  });

  it("asks for the right name of subject, predicate and object", () => {
    const wanted = graph(boxes, ["cat.1 on hat.3"]);
    const said = (cat: string, predicate: string, hat: string) =>
      graph({ [cat]: boxes["cat.1"], [hat]: boxes["hat.3"] }, [`${cat} ${predicate} ${hat}`]);
    const recall = (answer: SceneGraph) => evaluate([row(wanted, answer)], classes).recall["20"];
    expect(recall(said("cat.7", "on", "hat.8"))).toBe(100);
    expect(recall(said("dog.7", "on", "hat.8"))).toBe(0);
    expect(recall(said("cat.7", "near", "hat.8"))).toBe(0);
    expect(recall(said("cat.7", "on", "dog.8"))).toBe(0);
  });

  it("compares refined names", () => {
    const list = { objects: ["palm-tree", "Dog"], predicates: ["standing_on"] };
    const written = (tree: string, predicate: string): SceneGraph => ({
      objects: [
        { id: `${tree}.1`, bbox: [0, 0, 10, 10] },
        { id: "dog.2", bbox: [20, 0, 30, 10] },
      ],
      relationships: [{ subject: "dog.2", predicate, object: `${tree}.1` }],
    });
    const rows = [row(written("palm-tree", "standing-on"), written("palm tree", "standing on"))];
    expect(evaluate(rows, list)).toMatchObject({ ap50: 100, recall: { "20": 100 } });
  });

  it("gives no place to what the classes cannot name, and counts what the truth loses by it", () => {
    const odd = { ...boxes, "ufo.4": [50, 50, 60, 60] } as const;
    const strange = Array.from({ length: 20 }, () => "cat.1 abducts ufo.4");
    const answer = graph(odd, [...strange, "cat.1 zaps hat.3", "cat.1 on hat.3"]);
    const metrics = evaluate(
      [row(graph(odd, ["cat.1 on hat.3", "ufo.4 on cat.1"]), answer)],
      classes,
    );
    expect(metrics.recall["20"]).toBe(100);
    expect(metrics.left_out).toEqual({ objects: 1, relationships: 1 });
  });

  it("finds nothing with boxes that are none", () => {
    const broken = { ...boxes, "cat.1": [10, 10, 0, 0], "dog.2": [Number.NaN, 0, 30, 10] } as const;
    const metrics = evaluate(
      [row(truth, graph(broken, ["cat.1 on hat.3", "dog.2 near cat.1"]))],
      classes,
    );
    expect(metrics.recall["100"]).toBe(0);
    expect(metrics.ap50).toBeCloseTo(100 / 3, 10);
  });

  it("says null where nothing was there to be found", () => {
    const none = { "20": null, "50": null, "100": null };
    expect(evaluate([], classes)).toMatchObject({
      failure_rate: null,
      ap50: null,
      recall: none,
      mean_recall: none,
      micro_recall: null,
    });
  });
});

it("takes each name of a dataset once, refined and sorted", () => {
  const named = graph({ "Hat.1": [0, 0, 1, 1], "cat.2": [0, 0, 1, 1], "hat.3": [0, 0, 1, 1] }, [
    "cat.2 next_to hat.3",
    "Hat.1 above cat.2",
  ]);
  expect(datasetClasses([named, named])).toEqual({
    objects: ["cat", "hat"],
    predicates: ["above", "next to"],
  });
});

describe("evaluate on any scenes", () => {
  const figures = (rows: readonly ReturnType<typeof row>[]) => evaluate(rows, classes);

  it("gives 100 to an answer that repeats the truth", () => {
    const onePerPair = anyGraph.filter(
      ({ relationships }) =>
        relationships.length > 0 &&
        new Set(relationships.map(({ subject, object }) => `${subject} ${object}`)).size ===
          relationships.length,
    );
    fc.assert(
      fc.property(fc.array(onePerPair, { minLength: 1, maxLength: 4 }), (graphs) => {
        const metrics = figures(graphs.map((one) => row(one, one)));
        expect(metrics).toMatchObject({ failed: 0, ap50: 100, micro_recall: 100 });
        expect(metrics.recall).toEqual({ "20": 100, "50": 100, "100": 100 });
        expect(metrics.mean_recall).toEqual({ "20": 100, "50": 100, "100": 100 });
      }),
    );
  });

  it("never falls as K grows, and stays between 0 and 100", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 4 }), (rows) => {
        const { recall: constrained, mean_recall, ng_recall, ng_mean_recall } = figures(rows);
        for (const recall of [constrained, mean_recall, ng_recall, ng_mean_recall]) {
          const values = [0, recall["20"] ?? 0, recall["50"] ?? 0, recall["100"] ?? 0, 100];
          expect(values.toSorted((a, b) => a - b)).toEqual(values);
        }
      }),
    );
  });

  it("does not mind the order of the images, AP apart", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 2, maxLength: 5 }), (rows) => {
        const { ap: _a, ap50: _b, per_class: _c, ...one } = figures(rows);
        const { ap: _d, ap50: _e, per_class: _f, ...other } = figures(rows.toReversed());
        expect(close(other)).toEqual(close(one));
      }),
    );
  });

  it("does not mind the order of the objects, nor a larger image", () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, (truth, answer) => {
        const turned = (one: SceneGraph) => ({ ...one, objects: one.objects.toReversed() });
        const grown = (one: SceneGraph): SceneGraph => ({
          ...one,
          objects: one.objects.map(({ id, bbox: [x1, y1, x2, y2] }) => ({
            id,
            bbox: [x1 * 8, y1 * 8, x2 * 8, y2 * 8],
          })),
        });
        const plain = figures([row(truth, answer)]);
        expect(figures([row(turned(truth), turned(answer))]).recall).toEqual(plain.recall);
        expect(figures([row(grown(truth), grown(answer))])).toEqual(plain);
      }),
    );
  });

  it("gains nothing by saying everything twice", () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, (truth, answer) => {
        const twice = {
          ...answer,
          relationships: answer.relationships.flatMap((one) => [one, one]),
        };
        const [once, again] = [figures([row(truth, answer)]), figures([row(truth, twice)])];
        expect(again.recall).toEqual(once.recall);
        expect(again.micro_recall).toBe(once.micro_recall);
        for (const k of ["20", "50", "100"] as const)
          expect(again.ng_recall[k] ?? 0).toBeLessThanOrEqual(once.ng_recall[k] ?? 0);
      }),
    );
  });
});

/** A mean of the same numbers in another order may differ in its last digits. */
const close = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (_key, one) =>
    typeof one === "number" ? Number(one.toPrecision(12)) : one,
  );
