import type { Relationship } from "../graph/scene-graph.ts";
import { mostAlike } from "../rewards/edge-hard-relax.ts";
import { refineRelation } from "../rewards/relations.ts";
import { type Attempt, fits, nearestOf, told } from "./attempts.ts";
import { ious } from "./edge-hard.ts";
import { dividedBy, type Explainer } from "./explainer.ts";
import { shown } from "./figure.ts";
import { type Finding, hardParts } from "./hard-parts.ts";
import { inWords, listedPlaces, namesAlike, productText } from "./relations.ts";

/** Explains `edge_hard_relax_reward`: of the predictions whose boxes fit the most alike. */
export const explainEdgeHardRelax =
  ({ weight }: { readonly weight: number }): Explainer =>
  (candidate) => {
    const { objects, target, tools, faultyRelation } = candidate;
    const read = candidate.relations();
    if (!objects.ok) return { because: objects.reason };
    if (!read.ok) return { because: read.reason };
    const relations = read.value;
    const count = target.relationships.length;
    const alike = (wanted: Relationship, place: number) =>
      namesAlike(refineRelation(wanted), relations[place]!, tools.similarity);
    let sum = 0;
    const { parts, ended } = hardParts(candidate, weight / Math.max(1, count), {
      relations,
      places: listedPlaces(candidate),
      find: (wanted, attempts, boxes) => {
        const best = mostAlike(wanted, relations, boxes, faultyRelation, tools.similarity);
        if (best === undefined) return undefined;
        sum += best.value;
        return best.place < 0
          ? missed(attempts)
          : likened(attempts[best.place]!, best.value, alike(wanted, best.place));
      },
      looksAt: () => true,
    });
    if (ended !== undefined) return { because: ended, relations: parts };
    if (Number.isNaN(sum)) {
      const because = "a name that is no Unicode cannot be compared";
      return { because, relations: parts.map((part) => ({ ...part, value: 0 })) };
    }
    const way = `${shown(weight)} · ${shown(sum)} (sum of similarities) ${dividedBy(count, "relation")}`;
    return { way, relations: parts };
  };

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

function missed(attempts: readonly Attempt[]): Finding {
  const nearest = nearestOf(attempts);
  const because =
    nearest === undefined
      ? "no relation is predicted"
      : fits(nearest)
        ? `boxes fit, but no name is alike: ${inWords(nearest.found)}`
        : `boxes too far off: ${inWords(nearest.found)} has ${ious(nearest)}`;
  return { hit: false, value: 0, because, ...(nearest && { nearest: told(nearest) }) };
}
