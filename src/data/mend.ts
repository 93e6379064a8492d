import type { Box, Relationship, SceneGraph, SceneObject } from "../core/graph/scene-graph.ts";
import { shown } from "./fault.ts";

/** One thing that was put right in a row. */
export interface Mend {
  readonly field: string;
  readonly found: string;
  readonly done: string;
}

/** A graph and what was put right in it. */
export interface Mended {
  readonly graph: SceneGraph;
  readonly mends: readonly Mend[];
}

/**
 * Puts right what is wrong in a scene graph and harms nobody when it is put right.
 *
 * Corners of a box that stand the wrong way are swapped, what reaches out of the image is cut off,
 * relations to unknown objects and relations that were there before are dropped. A box wholly
 * outside of the image stays as it is, a fault: there is nothing of it that could be kept.
 *
 * Unit: boxes and size in pixels.
 */
export function mendGraph(
  { objects, relationships }: SceneGraph,
  size: { readonly width: number; readonly height: number },
): Mended {
  const mends: Mend[] = [];
  const mended = objects.map((object, at): SceneObject => {
    const bbox = inside(ordered(object.bbox), size);
    if (bbox === undefined || bbox.every((side, index) => side === object.bbox[index]))
      return object;
    mends.push({ field: `objects[${at}].bbox`, found: shown(object.bbox), done: shown(bbox) });
    return { ...object, bbox };
  });
  const ids = new Set(objects.map(({ id }) => id));
  const seen = new Set<string>();
  const kept = relationships.filter((relation, at) => {
    const why = whyDrop(relation, ids, seen);
    if (why !== undefined)
      mends.push({
        field: `relationships[${at}]`,
        found: shown(relation),
        done: `dropped: ${why}`,
      });
    return why === undefined;
  });
  return { graph: { objects: mended, relationships: kept }, mends };
}

const ordered = ([x1, y1, x2, y2]: Box): Box => [
  Math.min(x1, x2),
  Math.min(y1, y2),
  Math.max(x1, x2),
  Math.max(y1, y2),
];

function inside(
  [x1, y1, x2, y2]: Box,
  { width, height }: { readonly width: number; readonly height: number },
): Box | undefined {
  if (x2 < 0 || y2 < 0 || x1 > width || y1 > height) return undefined;
  return [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
}

/** Why a relation does not stay; one that does is noted as seen. */
function whyDrop(
  { subject, predicate, object }: Relationship,
  ids: ReadonlySet<string>,
  seen: Set<string>,
): string | undefined {
  const unknown = [subject, object].find((id) => !ids.has(id));
  if (unknown !== undefined) return `no object ${shown(unknown)}`;
  const key = JSON.stringify([subject, predicate, object]);
  if (seen.has(key)) return "it was there before";
  seen.add(key);
  return undefined;
}
