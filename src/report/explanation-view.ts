import type { Explanation, RelationPart, RewardExplanation } from "../core/explain/explanation.ts";
import type { Box } from "../core/graph/scene-graph.ts";
import { visible } from "./columns.ts";
import { clipped } from "./svg-parts.ts";

/** A box of one of the two graphs; the label begins with its number, or with – if not matched. */
export interface MarkedBox {
  readonly side: "target" | "prediction";
  readonly label: string;
  readonly box: Box;
}

/** A target relation from box to box. */
export interface MarkedRelation {
  readonly label: string;
  readonly hit: boolean;
  readonly from: Box;
  readonly to: Box;
}

/** What is drawn of an explanation; boxes are inside the image. */
export interface ExplanationView {
  /** Targets, then predictions. */
  readonly boxes: readonly MarkedBox[];
  /** Boxes of both sides of a matched pair. */
  readonly pairs: readonly (readonly [Box, Box])[];
  readonly relations: readonly MarkedRelation[];
  /** The reward that the relations are marked by. */
  readonly reward: RewardExplanation | undefined;
  /** Boxes and relations that are not drawn, as they are too many or have no finite box. */
  readonly left: number;
}

/** More than this of a kind and a drawing cannot be read; the text has them all. */
const most = 60;

/**
 * An explanation as it is drawn.
 *
 * Relations are marked by the reward that is named, else by the first one that looks at relations.
 */
export function toExplanationView(told: Explanation, by?: string): ExplanationView {
  const { targets, predictions, matching, image, target_relations } = told;
  const boxOf = ({ box }: { readonly box: readonly (number | string)[] }) => clipped(box, image);
  const numbers = (side: "target" | "predicted") =>
    new Map(matching.pairs.map((pair, i) => [pair[side].place, i + 1]));
  const marked = (
    side: MarkedBox["side"],
    all: Explanation["targets"],
    numberOf: ReadonlyMap<number, number>,
  ) =>
    all.slice(0, most).flatMap((object): MarkedBox[] => {
      const box = boxOf(object);
      const label = `${numberOf.get(object.place) ?? "–"} ${visible(object.id)}`;
      return box ? [{ side, label, box }] : [];
    });
  const boxes = [
    ...marked("target", targets, numbers("target")),
    ...marked("prediction", predictions, numbers("predicted")),
  ];
  const reward = told.rewards.find((one) => (by === undefined ? one.relations : one.name === by));
  const byId = new Map(targets.map((one) => [one.id, boxOf(one)])); // the last of equal ids counts
  const parts = reward?.relations ?? [];
  const relations = parts.slice(0, most).flatMap((part): MarkedRelation[] => {
    const { subject, object } = target_relations[part.place]!;
    const [from, to] = [byId.get(subject ?? ""), byId.get(object ?? "")];
    return from && to
      ? [{ label: relationLabel(part), hit: part.verdict === "hit", from, to }]
      : [];
  });
  const pairs = matching.pairs.slice(0, most).flatMap(({ target, predicted }) => {
    const [a, b] = [boxOf(targets[target.place]!), boxOf(predictions[predicted.place]!)];
    return a && b ? [[a, b] as const] : [];
  });
  const all = targets.length + predictions.length + parts.length;
  return { boxes, pairs, relations, reward, left: all - boxes.length - relations.length };
}

/** The predicate, and what was said instead. */
function relationLabel({ predicate, by }: RelationPart): string {
  const said = by.map((one) => one.predicate ?? "").filter((one) => one !== predicate);
  return visible([predicate, ...said].join(" ≈ "));
}
