import { refine } from "../graph/names.ts";
import type { Box, SceneGraph, Target } from "../graph/scene-graph.ts";
import { refineRelation } from "./relations.ts";

/** Ground truth as a reward takes it: boxes in 0..1. */
export type ToTargetGraph = (target: Target) => SceneGraph;

/**
 * Boxes times the reciprocals of width and height; names as the data has them.
 *
 * Source: R1-SGG e4de64d: boxes are multiplied by `1 / W` and `1 / H` of the original image
 */
export const unitGraph: ToTargetGraph = ({ width, height, objects, relationships }) => {
  const fx = 1 / width;
  const fy = 1 / height;
  return {
    objects: objects.map(({ id, bbox: [x1, y1, x2, y2] }) => ({
      id,
      bbox: [x1 * fx, y1 * fy, x2 * fx, y2 * fy],
    })),
    relationships,
  };
};

/** As `unitGraph`, and all names refined as those of the answer are. */
export const refinedUnitGraph: ToTargetGraph = (target) => {
  const { objects, relationships } = unitGraph(target);
  return {
    objects: objects.map(({ id, bbox }) => ({ id: refine(id), bbox })),
    relationships: relationships.map(refineRelation),
  };
};

/** The longest side that the code of paper v1 shrinks or enlarges every image to, in pixels. */
const longestSide = 512;

/**
 * Boxes in whole pixels of the image resized to 512 at its longest side, then divided by that size.
 *
 * Source: R1-SGG 49355c7 (branch arxiv-0417): sizes and boxes are cut off with `int()`
 */
export const resizedGraph: ToTargetGraph = (target) => {
  const factor = longestSide / Math.max(target.width, target.height);
  const width = Math.trunc(target.width * factor);
  const height = Math.trunc(target.height * factor);
  const fx = width / target.width;
  const fy = height / target.height;
  const resize = ([x1, y1, x2, y2]: Box): Box => [
    Math.trunc(x1 * fx) / width,
    Math.trunc(y1 * fy) / height,
    Math.trunc(x2 * fx) / width,
    Math.trunc(y2 * fy) / height,
  ];
  return {
    objects: target.objects.map(({ id, bbox }) => ({ id, bbox: resize(bbox) })),
    relationships: target.relationships,
  };
};
