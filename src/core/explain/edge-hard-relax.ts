import type { Relationship } from "../graph/scene-graph.ts";
import { mostAlike } from "../rewards/edge-hard-relax.ts";
import { refineRelation } from "../rewards/relations.ts";
import { type Attempt, fits, nearestOf, told } from "./attempts.ts";
import { ious } from "./edge-hard.ts";
import { dividedBy, type Explainer } from "./explainer.ts";
import { shown } from "./figure.ts";
import { type Finding, hardParts, searched } from "./hard-parts.ts";
import { inWords, namesAlike, productText } from "./relations.ts";

/** Explains `edge_hard_relax_reward`: of the predictions whose boxes fit the most alike. */
export const explainEdgeHardRelax =
  ({ weight }: { readonly weight: number }): Explainer =>
  (candidate) => {
    const { target, tools, faultyRelation } = candidate;
    const found = searched(candidate);
    if ("because" in found) return found;
    const { relations } = found;
    const count = target.relationships.length;
    const alike = (wanted: Relationship, place: number) =>
      namesAlike(refineRelation(wanted), relations[place] as Relationship, tools.similarity);
    let sum = 0;
    const { parts, ended } = hardParts(candidate, weight / Math.max(1, count), {
      relations,
      find: (wanted, attempts, boxes) => {
        const best = mostAlike(wanted, relations, boxes, faultyRelation, tools.similarity);
        if (best === undefined) return undefined;
        sum += best.value;
        if (best.place < 0) return missed(attempts);
        const attempt = attempts[best.place]!;
        return best.value <= 0
          ? unlike(attempt, best.value)
          : likened(attempt, best.value, alike(wanted, best.place));
      },
      // A predicate is asked for only where both boxes fit.
      looksAt: (attempt) =>
        attempt.found.predicate !== undefined || !isPlaced(attempt) || fits(attempt),
    });
    if (ended !== undefined) return { because: ended, relations: parts };
    if (Number.isNaN(sum)) {
      const because = "a name that is no Unicode cannot be compared";
      return { because, relations: parts.map((part) => ({ ...part, value: 0 })) };
    }
    const way = `${shown(weight)} · ${shown(sum)} (sum of similarities) ${dividedBy(count, "relation")}`;
    return { way, relations: parts };
  };

const isPlaced = ({ subjectIou, objectIou }: Attempt): boolean =>
  subjectIou !== undefined && objectIou !== undefined;

const likened = (
  attempt: Attempt,
  value: number,
  similarity: ReturnType<typeof namesAlike>,
): Finding => ({
  hit: true,
  value,
  because: `said as ${inWords(attempt.found)}, ${ious(attempt)}, ${productText(similarity)}`,
  by: { ...told(attempt), similarity },
});

const unlike = (attempt: Attempt, value: number): Finding => ({
  hit: false,
  value,
  because: `boxes fit, but no name is alike: ${inWords(attempt.found)}`,
  nearest: told(attempt),
});

function missed(attempts: readonly Attempt[]): Finding {
  const nearest = nearestOf(attempts);
  const because =
    nearest === undefined
      ? "no relation is predicted"
      : fits(nearest)
        ? `boxes fit, but it lacks a field: ${inWords(nearest.found)}`
        : `boxes too far off: ${inWords(nearest.found)} has ${ious(nearest)}`;
  return { hit: false, value: 0, because, ...(nearest && { nearest: told(nearest) }) };
}
