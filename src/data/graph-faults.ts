import { refine } from "../core/graph/names.ts";
import type { Box, SceneGraph } from "../core/graph/scene-graph.ts";
import { className } from "../core/metrics/scene.ts";
import { type Fault, shown } from "./fault.ts";
import type { Vocabulary } from "./vocabulary.ts";

type GraphFault = Pick<Fault, "field" | "found" | "expected">;

/**
 * What is wrong between the parts of a scene graph that has the layout.
 *
 * A box may have no area (`x1 = x2`): public annotations hold such boxes, and they harm nobody.
 *
 * Unit: boxes and `size` in pixels.
 * Range: an empty list when all is well.
 */
export function graphFaults(
  { objects, relationships }: SceneGraph,
  size: { readonly width: number; readonly height: number } | undefined,
): readonly GraphFault[] {
  const first = new Map<string, number>();
  const faults: GraphFault[] = [];
  for (const [index, { id, bbox }] of objects.entries()) {
    const field = `objects[${index}]`;
    const same = first.get(id);
    if (same === undefined) first.set(id, index);
    else
      faults.push({
        field: `${field}.id`,
        found: `${shown(id)} again`,
        expected: `an id of its own (objects[${same}] has it)`,
      });
    const expected = boxWanted(bbox, size);
    if (expected) faults.push({ field: `${field}.bbox`, found: shown(bbox), expected });
  }
  for (const [index, relation] of relationships.entries())
    for (const end of ["subject", "object"] as const)
      if (!first.has(relation[end]))
        faults.push({
          field: `relationships[${index}].${end}`,
          found: `unknown id ${shown(relation[end])}`,
          expected: "the id of an object of the same row",
        });
  return faults;
}

/** Objects and predicates of a scene graph that a list of classes has no name for. */
export function classFaults(
  { objects, relationships }: SceneGraph,
  vocabulary: Vocabulary,
): readonly GraphFault[] {
  const expected = (kind: keyof Vocabulary) => `one of the ${vocabulary[kind].size} ${kind}`;
  const unknown = objects.map(({ id }, at) =>
    vocabulary.objects.has(className(id))
      ? []
      : [{ field: `objects[${at}].id`, found: shown(id), expected: expected("objects") }],
  );
  const others = relationships.map(({ predicate }, at) =>
    vocabulary.predicates.has(refine(predicate))
      ? []
      : [
          {
            field: `relationships[${at}].predicate`,
            found: shown(predicate),
            expected: expected("predicates"),
          },
        ],
  );
  return [...unknown, ...others].flat();
}

/** What a box should be, or undefined when it is that. */
function boxWanted(
  [x1, y1, x2, y2]: Box,
  size: { readonly width: number; readonly height: number } | undefined,
): string | undefined {
  if (x1 > x2 || y1 > y2) return "x1 <= x2 and y1 <= y2";
  if (size === undefined) return undefined;
  const inside = x1 >= 0 && y1 >= 0 && x2 <= size.width && y2 <= size.height;
  return inside ? undefined : `a box inside the image (${size.width} x ${size.height})`;
}
