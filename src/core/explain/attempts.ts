import type { LooseRelationship } from "../graph/read-answer.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import { type Boxes, endIou } from "../rewards/ends.ts";
import type { Compared } from "./explanation.ts";
import { figure } from "./figure.ts";
import { inWords, placed, unknownIn } from "./relations.ts";

/** A prediction held against a target relation, as the hard rewards do: where is it, does it fit? */
export interface Attempt {
  /** In the answer's list. */
  readonly place: number;
  readonly found: LooseRelationship;
  /** IoU at the subject's and at the object's end; undefined where there is no such box. */
  readonly subjectIou: number | undefined;
  readonly objectIou: number | undefined;
}

/** Every prediction held against a target relation, in order. Errors: none */
export const attemptsAt = (
  wanted: Relationship,
  relations: readonly LooseRelationship[],
  boxes: Boxes,
): readonly Attempt[] =>
  relations.map((found, place) => ({
    place,
    found,
    subjectIou: endIou(boxes, wanted.subject, found.subject),
    objectIou: endIou(boxes, wanted.object, found.object),
  }));

/** Whether both boxes reach an IoU of 0.5; NaN does, as in the reference. */
export const fits = (attempt: Attempt): boolean => least(attempt) >= 0.5;

/** The attempt with the best of lesser IoUs. Errors: none */
export const nearestOf = (attempts: readonly Attempt[]): Attempt | undefined =>
  attempts.reduce<Attempt | undefined>(
    (best, one) => (best === undefined || least(one) > least(best) ? one : best),
    undefined,
  );

/** An IoU of NaN is not below 0.5; no box at all is the farthest. */
const least = ({ subjectIou, objectIou }: Attempt): number =>
  Math.min(...[subjectIou ?? -1, objectIou ?? -1].map((iou) => (Number.isNaN(iou) ? 1 : iou)));

/** An attempt as it is told. */
export const told = ({ place, found, subjectIou, objectIou }: Attempt): Compared => ({
  ...placed(found, place),
  ...(subjectIou !== undefined &&
    objectIou !== undefined && {
      iou: { subject: figure(subjectIou), object: figure(objectIou) },
    }),
});

/** What is wrong with an attempt that cannot be compared; `undefined` where it can. */
export function faultOf(
  { place, found, subjectIou, objectIou }: Attempt,
  wanted: Relationship,
  boxes: Boxes,
): string | undefined {
  const where = `relationships[${place}] (${inWords(found)})`;
  if (found.predicate === undefined) return `${where} has no predicate`;
  if (subjectIou !== undefined && objectIou !== undefined) return undefined;
  for (const end of ["subject", "object"] as const) {
    if (found[end] === undefined) return `${where} has no ${end}`;
    if (!boxes.predicted.has(found[end])) return `${where}: ${unknownIn("answer", found[end])}`;
  }
  const strange = boxes.target.has(wanted.subject) ? wanted.object : wanted.subject;
  return `the relation itself: ${unknownIn("target", strange)}`;
}
