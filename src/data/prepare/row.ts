import type { Box } from "../../core/graph/scene-graph.ts";
import type { PreparedRow } from "./prepared.ts";
import type { IndexedRelation } from "./relations.ts";

/** What a row is made of. */
export interface RowParts {
  readonly image_id: string;
  readonly image_path: string;
  readonly width: number;
  readonly height: number;
  readonly coco_id?: number;
  /** Names of the objects, and their boxes in pixels. */
  readonly objects: readonly { readonly name: string; readonly bbox: Box }[];
  readonly relations: readonly IndexedRelation[];
  /** The name of a predicate. */
  readonly predicate: (number: number) => string;
}

/**
 * A row of the dataset layout: ids are `name.k`, where k counts all objects of the image from 1.
 *
 * Source: the published data sets of R1-SGG (reference specification, columns of the data sets).
 */
export function toRow({ objects, relations, predicate, ...image }: RowParts): PreparedRow {
  const named = objects.map(({ name, bbox }, index) => ({ id: `${name}.${index + 1}`, bbox }));
  return {
    ...image,
    objects: named,
    relationships: relations.map((relation) => ({
      subject: named[relation.subject]!.id,
      predicate: predicate(relation.predicate),
      object: named[relation.object]!.id,
    })),
  };
}
