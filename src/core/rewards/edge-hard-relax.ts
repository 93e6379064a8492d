import { boxesById, endIou } from "./ends.ts";
import { refineRelation, relationSimilarity } from "./relations.ts";
import type { Reward } from "./reward.ts";

/**
 * Hard Recall+Relax: boxes must fit, names need only be alike.
 *
 * Of all predicted relations whose two boxes reach an IoU of 0.5 with the target's the most alike
 * counts: product of the similarities of subjects, objects and predicates.
 *
 * Range:  [0, weight]; 0 without target relations or objects, as for the tasks `det` and `cls`
 * Errors: OverLimit through the similarity alone
 * Source: R1-SGG e4de64d `edge_hard_relax_reward`
 */
export const edgeHardRelaxReward =
  ({ weight }: { readonly weight: number }): Reward =>
  (candidate) => {
    const { objects, target, tools, faultyRelation } = candidate;
    const relations = candidate.relations();
    if (!objects.ok || !relations.ok) return 0;
    const boxes = { target: boxesById(target.objects), predicted: boxesById(objects.value) };
    let sum = 0;
    for (const wanted of target.relationships) {
      const refined = refineRelation(wanted);
      let best = 0;
      for (const found of relations.value) {
        const subjectIou = endIou(boxes, wanted.subject, found.subject);
        const objectIou = endIou(boxes, wanted.object, found.object);
        if (subjectIou === undefined || objectIou === undefined) {
          if (faultyRelation === "fatal") return 0;
          continue;
        }
        if (subjectIou < 0.5 || objectIou < 0.5) continue;
        best = Math.max(best, relationSimilarity(refined, found, tools.similarity));
      }
      sum += best;
    }
    if (Number.isNaN(sum)) return 0; // a name that cannot be compared
    return (weight * sum) / Math.max(1, target.relationships.length);
  };
