import { refine } from "../core/graph/names.ts";
import type { Box, SceneGraph } from "../core/graph/scene-graph.ts";
import { constrained, firstHits, hits } from "../core/metrics/first-hits.ts";
import { className, type NamedBox, type Triplet } from "../core/metrics/scene.ts";
import { clipped } from "./svg-parts.ts";

/** An object as a drawing needs it; `box` is inside the image, undefined where it is no box. */
export interface ViewedObject {
  readonly id: string;
  readonly name: string;
  readonly box: Box | undefined;
  /** Whether it is a true object; absent where nothing is compared. */
  readonly isRight?: boolean;
}

/** A relation with its ends as places in `objects`, undefined where an end is no object. */
export interface ViewedRelation {
  readonly text: readonly [subject: string, predicate: string, object: string];
  readonly subject: number | undefined;
  readonly object: number | undefined;
  /** True when the evaluation counts it as found; undefined for the truth itself. */
  readonly hit: boolean | undefined;
  /** What became of it, in a sentence; absent where nothing is compared. */
  readonly why?: string;
}

/** A true object that an answer lacks, or that one of the relations it lacks ends at. */
export interface MissingObject extends ViewedObject {
  /** Its place in the truth. */
  readonly place: number;
  readonly isFound: boolean;
}

/** A true relation that an answer does not find; its ends are places in the truth. */
export interface MissingRelation extends Omit<ViewedRelation, "hit" | "why"> {
  /** In a word or two, and in a sentence. */
  readonly reason: string;
  readonly why: string;
}

/** A scene graph ready to be drawn on its image. */
export interface SceneView {
  readonly objects: readonly ViewedObject[];
  readonly relations: readonly ViewedRelation[];
  /** True relations that this graph finds, of all; undefined for the truth itself. */
  readonly found: { readonly hits: number; readonly of: number } | undefined;
  /** What it lacks of the truth; absent where nothing is compared. */
  readonly missing?: {
    readonly objects: readonly MissingObject[];
    readonly relations: readonly MissingRelation[];
  };
}

/**
 * A graph as it is drawn; with `truth` its relations are marked as the strict evaluation counts them.
 *
 * Boxes are clipped to the image; one with a number that is not finite is none.
 */
export function toView(
  graph: SceneGraph,
  size: { readonly width: number; readonly height: number },
  truth?: SceneGraph,
): SceneView {
  const triplets = tripletsOf(graph);
  const wanted = truth && tripletsOf(truth).filter((triplet) => triplet !== undefined);
  const kept = constrained(triplets.filter((triplet) => triplet !== undefined));
  const counted = new Set(kept.filter((one) => wanted?.some((other) => hits(one, other))));
  const place = placeOf(graph);
  return {
    objects: graph.objects.map(({ id, bbox }) => ({
      id,
      name: className(id),
      box: clipped(bbox, size),
    })),
    relations: graph.relationships.map(({ subject, predicate, object }, i) => ({
      text: [subject, predicate, object],
      subject: place(subject),
      object: place(object),
      hit: wanted && counted.has(triplets[i]!),
    })),
    found: wanted && {
      hits: firstHits(wanted, kept).filter(Number.isFinite).length,
      of: wanted.length,
    },
  };
}

/** The place of the first object with an id. */
function placeOf(graph: SceneGraph): (id: string) => number | undefined {
  const places = new Map(
    graph.objects.map(({ id }, i) => [refine(id), i] as const).toReversed(), // the first wins
  );
  return (id) => places.get(refine(id));
}

function tripletsOf(graph: SceneGraph): (Triplet | undefined)[] {
  const place = placeOf(graph);
  const objects = graph.objects.map(
    ({ id, bbox }): NamedBox => ({ name: className(id), box: bbox }),
  );
  return graph.relationships.map((relation) => {
    const subject = objects[place(relation.subject) ?? -1];
    const object = objects[place(relation.object) ?? -1];
    return subject && object && { subject, predicate: refine(relation.predicate), object };
  });
}
