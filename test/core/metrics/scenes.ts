import fc from "fast-check";
import type { Box, Relationship, SceneGraph, Target } from "../../../src/core/graph/scene-graph.ts";
import type { EvaluationRow } from "../../../src/core/metrics/evaluate.ts";

/** The vocabulary of the scenes here. */
export const classes = { objects: ["cat", "dog", "hat"], predicates: ["on", "near", "wears"] };

/** A graph from short notations: `{ "cat.1": [0, 0, 9, 9] }` and `"cat.1 on hat.2"`. */
export const graph = (
  boxes: Record<string, Box>,
  relations: readonly string[] = [],
): SceneGraph => ({
  objects: Object.entries(boxes).map(([id, bbox]) => ({ id, bbox })),
  relationships: relations.map((text): Relationship => {
    const [subject = "", predicate = "", object = ""] = text.split(" ");
    return { subject, predicate, object };
  }),
});

/** A row of an evaluation; the prediction is a graph, the reason of a failure, or missing. */
export const row = (truth: SceneGraph, answer?: SceneGraph | string): EvaluationRow => ({
  target: { image_id: "a", width: 100, height: 100, ...truth } satisfies Target,
  prediction:
    typeof answer === "string"
      ? { ok: false, reason: answer }
      : answer && { ok: true, graph: answer },
});

const box = fc
  .tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 5, max: 40 }), fc.integer({ min: 5, max: 40 }))
  .map(([x, y, w, h]): Box => [x, y, x + w, y + h]);

/** Any scene of up to six objects and up to eight relations between them, repeats included. */
export const anyGraph: fc.Arbitrary<SceneGraph> = fc
  .array(fc.tuple(fc.constantFrom(...classes.objects), box), { minLength: 1, maxLength: 6 })
  .chain((named) => {
    const objects = named.map(([name, bbox], i) => ({ id: `${name}.${i + 1}`, bbox }));
    const end = fc.constantFrom(...objects.map(({ id }) => id));
    const predicate = fc.constantFrom(...classes.predicates);
    return fc.record({
      objects: fc.constant(objects),
      relationships: fc.array(fc.record({ subject: end, predicate, object: end }), {
        maxLength: 8,
      }),
    });
  });

/** A scene and an answer that shares some of its objects, so that there is something to hit. */
export const anyRow: fc.Arbitrary<EvaluationRow> = fc
  .tuple(anyGraph, anyGraph, fc.integer({ min: 0, max: 4 }))
  .map(([truth, other, kind]) => {
    if (kind === 0) return row(truth, "no JSON");
    if (kind === 1) return row(truth);
    if (kind === 2) return row(truth, other);
    const relationships = [...other.relationships, ...truth.relationships.toReversed()];
    return row(truth, { objects: [...truth.objects, ...other.objects], relationships });
  });
