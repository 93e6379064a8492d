import { category, refine } from "../graph/names.ts";
import type { Relationship } from "../graph/scene-graph.ts";
import { findRelation } from "../rewards/edge-hard.ts";
import { type Similarity, term } from "../similarity/similarity.ts";
import { type Attempt, fits, nearestOf, told } from "./attempts.ts";
import { dividedBy, type Explainer } from "./explainer.ts";
import { counted, figure, shown } from "./figure.ts";
import { type Finding, hardParts, searched } from "./hard-parts.ts";
import { inWords } from "./relations.ts";

/** Explains `edge_hard_reward`: for each target relation the prediction that repeats it, or why none. */
export const explainEdgeHard =
  ({ weight }: { readonly weight: number }): Explainer =>
  (candidate) => {
    const { target, faultyRelation, tools } = candidate;
    const found = searched(candidate);
    if ("because" in found) return found;
    const { relations } = found;
    const count = target.relationships.length;
    const { parts, ended } = hardParts(candidate, weight / Math.max(1, count), {
      relations,
      find: (wanted, attempts, boxes) => {
        const place = findRelation(wanted, relations, boxes, faultyRelation);
        if (place === undefined) return undefined;
        return place < 0 ? missed(wanted, attempts, tools.similarity) : repeated(attempts[place]!);
      },
      looksAt: ({ found: { predicate } }, wanted) =>
        predicate === undefined || predicate === refine(wanted.predicate),
    });
    const hits = parts.filter(({ verdict }) => verdict === "hit").length;
    if (ended !== undefined) return { because: ended, relations: parts };
    const way = `${shown(weight)} · ${counted(hits, "hit")} ${dividedBy(count, "relation")}`;
    return { way, relations: parts };
  };

const repeated = (attempt: Attempt): Finding => ({
  hit: true,
  value: 1,
  because: `said as ${inWords(attempt.found)}, ${ious(attempt)}`,
  by: told(attempt),
});

/** The most telling reason: what is nearest to a hit comes first. */
function missed(
  wanted: Relationship,
  attempts: readonly Attempt[],
  similarity: Similarity,
): Finding {
  const predicate = refine(wanted.predicate);
  const miss = (because: string, nearest?: Attempt): Finding => ({
    hit: false,
    value: 0,
    because,
    ...(nearest && { nearest: told(nearest) }),
  });
  const same = attempts.filter(({ found }) => found.predicate === predicate);
  const otherClass = same.find(fits);
  if (otherClass) return miss(`class differs: ${classes(wanted, otherClass)}`, otherClass);
  const other = attempts.find((one) => fits(one) && sameClasses(wanted, one));
  if (other) {
    const alike = similarity(term(predicate), term(other.found.predicate ?? ""));
    return miss(
      `related by another predicate: ${other.found.predicate ?? "none"}, similarity ${shown(figure(alike))}`,
      other,
    );
  }
  const nearest = nearestOf(same);
  if (!nearest) {
    const there = attempts.find(fits);
    const instead = there ? `; at its boxes stands ${inWords(there.found)}` : "";
    return miss(`no prediction says ${JSON.stringify(predicate)}${instead}`, there);
  }
  return miss(`boxes too far off: ${inWords(nearest.found)} has ${ious(nearest)}`, nearest);
}

const classOf = (id: string | undefined): string => category(id ?? "");

const sameClasses = (wanted: Relationship, { found }: Attempt): boolean =>
  classOf(found.subject) === classOf(refine(wanted.subject)) &&
  classOf(found.object) === classOf(refine(wanted.object));

/** `boy, expected man`. */
const classes = (wanted: Relationship, { found }: Attempt): string =>
  (["subject", "object"] as const)
    .map((end) => [classOf(found[end]), classOf(refine(wanted[end]))] as const)
    .filter(([is, expected]) => is !== expected)
    .map(([is, expected]) => `${is}, expected ${expected}`)
    .join("; ");

/** The IoUs at both ends, in words. */
export const ious = ({ subjectIou, objectIou }: Attempt): string =>
  subjectIou === undefined || objectIou === undefined
    ? "an end without a box"
    : `IoU ${iouText(subjectIou)} and ${iouText(objectIou)}`;

/** An IoU that only rounding would bring to the mark is not told as if it were there. */
const iouText = (iou: number): string =>
  iou < 0.5 && shown(iou) === "0.5" ? "just below 0.5" : shown(figure(iou));
