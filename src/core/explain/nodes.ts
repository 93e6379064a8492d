import { iou } from "../geometry/iou.ts";
import { l1 } from "../geometry/l1.ts";
import type { SceneObject } from "../graph/scene-graph.ts";
import type { NodeWeights } from "../rewards/node.ts";
import type { Candidate } from "../rewards/reward.ts";
import { term } from "../similarity/similarity.ts";
import { dividedBy, type Explained, type Explainer } from "./explainer.ts";
import type { ObjectPart } from "./explanation.ts";
import { counted, shown } from "./figure.ts";

type Measures = ObjectPart["measures"];

/** Explains `node_acc_reward`. */
export const explainNodeAcc = ({ weight }: { readonly weight: number }): Explainer =>
  perPair({
    weight,
    what: "similarity",
    measure: (wanted, found, { tools }) => ({
      similarity: tools.similarity(term(wanted.id), term(found.id)),
    }),
    worth: ({ similarity }) => similarity!,
  });

/** Explains `node_box_reward`. */
export const explainNodeBox = ({ weight }: { readonly weight: number }): Explainer =>
  perPair({
    weight,
    what: "(2 · IoU + 5 · exp(−L1)) / 7",
    measure: boxMeasures,
    worth: ({ iou: overlap, l1: distance }) => (2 * overlap! + 5 * Math.exp(-distance!)) / 7,
  });

/** Explains `node_reward`. */
export const explainNode = ([ofName, ofIou, ofDistance]: NodeWeights): Explainer =>
  perPair({
    weight: 1,
    what: `${shown(ofName)} · similarity + ${shown(ofIou)} · IoU + ${shown(ofDistance)} · exp(−L1)`,
    measure: (wanted, found, { tools }) => ({
      similarity: tools.similarity(term(wanted.id), term(found.id)),
      ...boxMeasures(wanted, found),
    }),
    worth: ({ similarity, iou: overlap, l1: distance }) =>
      ofName * similarity! + ofIou * overlap! + ofDistance * Math.exp(-distance!),
  });

const boxMeasures = ({ bbox: a }: SceneObject, { bbox: b }: SceneObject): Measures => ({
  iou: iou(a, b),
  l1: l1(a, b),
});

interface NodeReward {
  readonly weight: number;
  /** What is summed up over the pairs. */
  readonly what: string;
  readonly measure: (wanted: SceneObject, found: SceneObject, candidate: Candidate) => Measures;
  readonly worth: (measures: Measures) => number;
}

const perPair =
  ({ weight, what, measure, worth }: NodeReward): Explainer =>
  (candidate): Explained => {
    const { task, objects, target, match } = candidate;
    if (task === "cls") return { because: "the task cls has no objects" };
    if (!objects.ok) return { because: objects.reason };
    const pairs = match();
    if (pairs === undefined) return { because: "no matching of objects exists" };
    const count = target.objects.length;
    let sum = 0;
    const parts = pairs.map(({ target: t, predicted: p }): ObjectPart => {
      const [wanted, found] = [target.objects[t]!, objects.value[p]!];
      const measures = measure(wanted, found, candidate);
      sum += worth(measures);
      return {
        target: { place: t, id: wanted.id },
        predicted: { place: p, id: found.id },
        measures,
        value: (weight * worth(measures)) / Math.max(1, count),
      };
    });
    const factor = weight === 1 ? "" : `${shown(weight)} · `;
    return {
      way: `${factor}${shown(sum)} (sum of ${what} over ${counted(pairs.length, "pair")}) ${dividedBy(count, "target")}`,
      pairs: parts.sort((a, b) => a.target.place - b.target.place),
    };
  };
