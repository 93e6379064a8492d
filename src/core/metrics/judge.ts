import type { Parsed, Target } from "../graph/scene-graph.ts";
import { type ClassResult, judgeDetections } from "./detections.ts";
import { constrained, firstHits } from "./first-hits.ts";
import type { Protocol, Ranking } from "./protocol.ts";
import { emptyScene, type Scene, toScene } from "./scene.ts";

/** One image: what is true, and the answer read as a graph; undefined where none was given. */
export interface EvaluationRow {
  readonly target: Target;
  readonly prediction: Parsed | undefined;
}

/** A true relation and the ranks of its first hits; Infinity for a miss. */
export interface RelationResult {
  readonly predicate: string;
  readonly rank: number;
  readonly otherRank: number;
  readonly isUnseen: boolean;
}

/** What one image contributes to the figures. */
export interface ImageResult {
  readonly imageId: string;
  readonly answer: "none" | "failed" | "read";
  readonly relations: readonly RelationResult[];
  /** Whether R@K, mR@K and zR@K take the image into account, should it have true relations. */
  readonly isCounted: boolean;
  readonly detections: readonly ClassResult[];
  /** True objects and relations that the classes have no name for. */
  readonly leftOut: { readonly objects: number; readonly relationships: number };
}

/**
 * Judges one image by itself.
 *
 * Shape:  `place` is the row's in the dataset, from 0.
 * Errors: none; rows are checked by who reads them.
 */
export function judge(row: EvaluationRow, place: number, protocol: Protocol): ImageResult {
  const { target, prediction } = row;
  const truth = toScene(target, protocol.truth);
  const said = prediction?.ok ? toScene(prediction.graph, protocol.answer) : emptyScene;
  return {
    imageId: target.image_id,
    answer: prediction === undefined ? "none" : prediction.ok ? "read" : "failed",
    relations: judgeRelations(truth, said, protocol),
    isCounted: !protocol.quirks.skipsSilent || speaks(row, said),
    detections: judgeObjects(row, place, truth, said, protocol),
    leftOut: {
      objects: target.objects.length - truth.objects.length,
      relationships: target.relationships.length - truth.triplets.length,
    },
  };
}

function judgeRelations(truth: Scene, said: Scene, protocol: Protocol): RelationResult[] {
  const ranks = (ranking: Ranking) =>
    firstHits(
      truth.triplets,
      ranking.onePerPair ? constrained(said.triplets) : said.triplets,
      ranking.overlap,
    );
  const main = ranks(protocol.main);
  const other = ranks(protocol.other);
  return truth.triplets.map((triplet, i) => ({
    predicate: triplet.predicate,
    rank: main[i]!,
    otherRank: other[i]!,
    isUnseen: protocol.isUnseen?.(triplet) ?? false,
  }));
}

function judgeObjects(
  { target, prediction }: EvaluationRow,
  place: number,
  truth: Scene,
  said: Scene,
  { detection, quirks }: Protocol,
): readonly ClassResult[] {
  if (quirks.skipsSilent && prediction === undefined) return [];
  const isFirst = quirks.losesFirstObject && place === 0;
  const first = isFirst
    ? truth.objects.find(({ box }) => box === target.objects[0]?.bbox)
    : undefined;
  return judgeDetections(truth.objects, said.objects, detection, first);
}

/**
 * Whether the release lets an image count for R@K.
 *
 * It skips images without an answer and those whose answer names objects of the classes but no
 * relation; an unreadable answer and one without any such object count, through an entry made up.
 *
 * Source: R1-SGG e4de64d `src/utils/sgg_eval.py`, line 671
 */
const speaks = ({ prediction }: EvaluationRow, said: Scene): boolean =>
  prediction !== undefined && (said.objects.length === 0 || said.triplets.length > 0);
