/** `[x1, y1, x2, y2]`; the unit (pixels, 0..1000 or 0..1) is said where a box is taken. */
export type Box = readonly [number, number, number, number];

/** One object of an image: `id` is `name.number`, for example `person.1`. */
export interface SceneObject {
  readonly id: string;
  readonly bbox: Box;
}

/** One relation between two objects of the same graph, named by their ids. */
export interface Relationship {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/** The objects of an image and the relations between them. */
export interface SceneGraph {
  readonly objects: readonly SceneObject[];
  readonly relationships: readonly Relationship[];
}

/** A scene graph with the size of its image in pixels; its boxes are in those pixels. */
export interface Target extends SceneGraph {
  readonly image_id: string;
  readonly width: number;
  readonly height: number;
}

/** A model's answer read as a scene graph, or the reason why it is none. */
export type Parsed =
  | { readonly ok: true; readonly graph: SceneGraph }
  | { readonly ok: false; readonly reason: string };
