import { iou } from "../geometry/iou.ts";
import type { Box, SceneObject } from "../graph/scene-graph.ts";

/** The boxes of both graphs by id. */
export interface Boxes {
  readonly target: ReadonlyMap<string, Box>;
  readonly predicted: ReadonlyMap<string, Box>;
}

/** The boxes of objects by id; of equal ids the last counts. */
export const boxesById = (objects: readonly SceneObject[]): ReadonlyMap<string, Box> =>
  new Map(objects.map(({ id, bbox }) => [id, bbox]));

/** IoU of the boxes at one end of two relations; `undefined` where the reference has a KeyError. */
export function endIou(
  boxes: Boxes,
  wantedId: string,
  foundId: string | undefined,
): number | undefined {
  const wanted = boxes.target.get(wantedId);
  const found = foundId === undefined ? undefined : boxes.predicted.get(foundId);
  return wanted && found ? iou(wanted, found) : undefined;
}
