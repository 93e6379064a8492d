import type { SceneGraph } from "../../core/graph/scene-graph.ts";
import { explain } from "../../core/metrics/explain.ts";
import { sameBoxOverlap } from "../../core/metrics/first-hits.ts";
import type { EvaluationRow } from "../../core/metrics/judge.ts";
import type { Protocol } from "../../core/metrics/protocol.ts";
import { className } from "../../core/metrics/scene.ts";
import { usageText } from "../explain-text.ts";
import { type SceneView, toView } from "../scene-view.ts";

/** A judged answer: its graph marked, null where it is none, and what it lacks. */
export interface ComparedView {
  readonly view: SceneView | null;
  /** Why there is no graph. */
  readonly failure: string | null;
  readonly missing: NonNullable<SceneView["missing"]>;
  /** True relations that the answer finds, of those that count. */
  readonly found: { readonly hits: number; readonly of: number };
  /** R@100 in percent; null where the truth has no relation. */
  readonly recall: number | null;
}

/**
 * An answer beside the truth, judged strictly: which of its relations find a true one, which of its boxes are
 * a true object, and what it lacks, with the reasons.
 *
 * A box is right that has the name of a true object and overlaps it by half or more; each true object
 * is found once, by the first box of the answer that overlaps it most.
 */
export function comparedView(row: EvaluationRow, protocol: Protocol): ComparedView {
  const { target, prediction } = row;
  const told = explain(row, protocol);
  const truth = toView(target, target);
  const graph = prediction?.ok ? prediction.graph : undefined;
  const right = graph ? foundObjects(graph, target, protocol) : new Map<number, number>();
  const found = new Set(right.values());
  const relations = told.truth.flatMap(({ rank, miss, ...relation }, i) => {
    if (rank !== null) return [];
    const { text, subject, object } = truth.relations[i]!;
    const why = `${miss?.reason}: ${miss?.detail}`;
    return [{ ...relation, text, subject, object, reason: miss?.reason ?? "", why }];
  });
  const ends = new Set(relations.flatMap(({ subject, object }) => [subject, object]));
  const objects = truth.objects.flatMap((object, place) =>
    !found.has(place) || ends.has(place) ? [{ ...object, place, isFound: found.has(place) }] : [],
  );
  const missing = { objects, relations };
  const view = graph && { ...toView(graph, target), missing };
  const counted = told.truth.filter(({ miss }) => miss?.reason !== "not in the classes");
  return {
    view: view
      ? {
          ...view,
          objects: view.objects.map((object, i) => ({ ...object, isRight: right.has(i) })),
          relations: view.relations.map((relation, i) => ({
            ...relation,
            hit: told.answer[i]!.hits.length > 0,
            why: usageText(told.answer[i]!),
          })),
        }
      : null,
    failure: told.failure,
    missing,
    found: { hits: counted.filter(({ rank }) => rank !== null).length, of: counted.length },
    recall: told.recall?.["100"] ?? null,
  };
}

/** Which object of the answer is which true one, by places. */
function foundObjects(
  { objects }: SceneGraph,
  truth: SceneGraph,
  { main }: Protocol,
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const [place, { id, bbox }] of objects.entries()) {
    let [best, most] = [-1, sameBoxOverlap];
    for (const [at, wanted] of truth.objects.entries()) {
      if (taken.has(at) || className(wanted.id) !== className(id)) continue;
      const overlap = main.overlap(bbox, wanted.bbox);
      if (overlap >= most) [best, most] = [at, overlap];
    }
    if (best < 0) continue;
    taken.add(best);
    pairs.set(place, best);
  }
  return pairs;
}
