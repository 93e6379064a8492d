import { readAnswer, readObjects, readRelationships } from "./read-answer.ts";
import type { Parsed } from "./scene-graph.ts";

/**
 * A model's answer as a graph in pixels of its image, or the reason why it is none.
 *
 * This is the evaluator's reading: one faulty object or relation fails the whole answer, and the
 * failures are what the failure rate counts. Ids and predicates are refined (`refine`); relations
 * may name objects that are not there.
 *
 * Unit:   `boxScale` is what the model's coordinates go up to; boxes come out in pixels of `size`
 * Range:  boxes are not clamped; NaN and infinities stay
 * Errors: none
 * Source: R1-SGG e4de64d `sgg_gather_preds.py`: coordinates times (image size / box scale)
 *
 * @example
 * predictedGraph('{"objects":[{"id":"Cat.1","bbox":[0,0,500,1000]}],"relationships":[]}',
 *   [1000, 1000], { width: 640, height: 480 });
 * // { ok: true, graph: { objects: [{ id: "cat.1", bbox: [0, 0, 320, 480] }], relationships: [] } }
 */
export function predictedGraph(
  response: string,
  boxScale: readonly [number, number],
  size: { readonly width: number; readonly height: number },
): Parsed {
  const answer = readAnswer(response);
  if (!answer.ok) return { ok: false, reason: answer.reason };
  const factors = [size.width / boxScale[0], size.height / boxScale[1]] as const;
  const objects = readObjects(answer.value.objects, factors);
  if (!objects.ok) return { ok: false, reason: objects.reason };
  const relationships = readRelationships(answer.value.relationships);
  if (!relationships.ok) return { ok: false, reason: relationships.reason };
  return { ok: true, graph: { objects: objects.value, relationships: relationships.value } };
}
