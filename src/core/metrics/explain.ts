import { category, refine } from "../graph/names.ts";
import type { Relationship, SceneGraph } from "../graph/scene-graph.ts";
import { constrained, hits } from "./first-hits.ts";
import type { EvaluationRow } from "./judge.ts";
import { type Miss, missOf } from "./miss.ts";
import { recallOf } from "./per-image.ts";
import type { Protocol } from "./protocol.ts";
import { type Cutoff, cutoffs } from "./recall.ts";
import { emptyScene, type Scene, toScene } from "./scene.ts";

/** A true relation, and where it was found or why it was not. */
export interface ExplainedTruth extends Relationship {
  /** Place among the ranked triplets, from 1; null for a miss. */
  readonly rank: number | null;
  /** The K within which it is found: none for a miss, and not all when it stands far down. */
  readonly counts_at: readonly Cutoff[];
  /** Which of the answer's relations found it. */
  readonly found_by: number | null;
  readonly miss: Miss | null;
}

/** A relation of the answer, and what became of it. */
export interface ExplainedAnswer extends Relationship {
  /** Place among the ranked triplets, from 1; null when it has none. */
  readonly rank: number | null;
  /** Why it has no place among the first K. */
  readonly left_out: string | null;
  /** Which true relations it finds, first hit or not. */
  readonly hits: readonly number[];
}

/** Why an image has the recall that it has. */
export interface Explanation {
  readonly image_id: string;
  readonly compat: Protocol["compat"];
  /** Why there is no graph to look at; null when there is one. */
  readonly failure: string | null;
  readonly recall: Readonly<Record<Cutoff, number>> | null;
  readonly truth: readonly ExplainedTruth[];
  readonly answer: readonly ExplainedAnswer[];
}

/**
 * Every true relation of one image with the rank at which it is found or the reason of its miss, and
 * every relation of the answer with what it finds or why it does not count.
 *
 * Shape:  in the order of the dataset and of the answer; `found_by` and `hits` are places in the other
 * Errors: none
 */
export function explain({ target, prediction }: EvaluationRow, protocol: Protocol): Explanation {
  const graph = prediction?.ok ? prediction.graph : undefined;
  const truth = toScene(target, protocol.truth);
  const said = graph ? toScene(graph, protocol.answer) : emptyScene;
  const ranked = protocol.main.onePerPair ? constrained(said.triplets) : said.triplets;
  const placeOf = new Map(said.triplets.map((triplet, i) => [triplet, said.places[i]!]));
  const failure =
    prediction === undefined
      ? "the predictions hold no answer to this image"
      : prediction.ok
        ? null
        : prediction.reason;
  const found = truth.triplets.map((wanted) =>
    ranked.findIndex((triplet) => hits(triplet, wanted, protocol.main.overlap)),
  );
  return {
    image_id: target.image_id,
    compat: protocol.compat,
    failure,
    recall: recallOf(found.map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank))),
    truth: target.relationships.map((relation, i) => {
      const at = truth.places.indexOf(i);
      const rank = at < 0 ? -1 : found[at]!;
      const isFound = rank >= 0;
      const miss =
        at < 0
          ? { reason: "not in the classes" as const, detail: "the classes have no name for it" }
          : missOf(relation, truth.triplets[at]!, graph, failure, protocol);
      return {
        ...relation,
        rank: isFound ? rank + 1 : null,
        counts_at: isFound ? cutoffs.filter((limit) => rank < Number(limit)) : [],
        found_by: isFound ? placeOf.get(ranked[rank]!)! : null,
        miss: isFound ? null : miss,
      };
    }),
    answer: graph ? explainAnswer(graph, said, ranked, truth, protocol) : [],
  };
}

function explainAnswer(
  graph: SceneGraph,
  said: Scene,
  ranked: Scene["triplets"],
  truth: Scene,
  protocol: Protocol,
): ExplainedAnswer[] {
  return graph.relationships.map((relation, i) => {
    const triplet = said.triplets[said.places.indexOf(i)];
    const rank = triplet ? ranked.indexOf(triplet) : -1;
    const found = triplet
      ? truth.triplets.flatMap((wanted, at) =>
          hits(triplet, wanted, protocol.main.overlap) ? [truth.places[at]!] : [],
        )
      : [];
    const reason = triplet
      ? "an earlier relation of the same pair came first"
      : whyUnread(graph, relation, protocol);
    return {
      ...relation,
      rank: rank < 0 ? null : rank + 1,
      left_out: rank < 0 ? reason : null,
      hits: rank < 0 ? [] : found,
    };
  });
}

/** Why the classes cannot name a relation of the answer. */
function whyUnread(graph: SceneGraph, relation: Relationship, { answer }: Protocol): string {
  for (const end of ["subject", "object"] as const) {
    const same = graph.objects.filter(({ id }) => refine(id) === refine(relation[end]));
    if (same.length === 0) return `"${relation[end]}" is no object of the answer`;
    if (same.every(({ id }) => answer.object(category(id)) === undefined))
      return `"${category(relation[end])}" is no class`;
  }
  return `"${relation.predicate}" is no class`;
}
