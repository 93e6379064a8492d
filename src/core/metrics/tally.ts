import { type EvaluationRow, type ImageResult, judge } from "./judge.ts";
import type { Protocol } from "./protocol.ts";

/** All detections and true objects of one class, in the order of the images. */
export interface ClassTally {
  /** Of each detection: the place of its image. */
  readonly image: number[];
  /** Of each detection, by range of area: words of bits as in `ClassResult`. */
  readonly hits: number[][];
  readonly ignored: number[][];
  /** Of each image that has true objects of the class: its place, and by range how many. */
  readonly truthImage: number[];
  readonly positives: number[][];
}

/** All true relations, in the order of the images; entry i of each list is of the i-th. */
export interface RelationTally {
  readonly image: number[];
  /** Place of the predicate in the protocol's classes. */
  readonly predicate: number[];
  readonly rank: number[];
  readonly otherRank: number[];
  readonly isUnseen: boolean[];
}

/**
 * What is kept of the images that were judged: numbers only, so that a hundred thousand fit.
 *
 * Every figure, of all images or of any choice of them, is computed from it.
 */
export interface Tally {
  readonly protocol: Protocol;
  readonly imageIds: string[];
  readonly answers: ImageResult["answer"][];
  readonly isCounted: boolean[];
  readonly classes: ReadonlyMap<string, ClassTally>;
  readonly relations: RelationTally;
  readonly leftOut: { objects: number; relationships: number };
}

/** A tally of no image yet. */
export function newTally(protocol: Protocol): Tally {
  const perArea = () => protocol.detection.areas.map((): number[] => []);
  const classes = protocol.classes.objects.map((name): [string, ClassTally] => [
    name,
    { image: [], hits: perArea(), ignored: perArea(), truthImage: [], positives: perArea() },
  ]);
  return {
    protocol,
    imageIds: [],
    answers: [],
    isCounted: [],
    classes: new Map(classes),
    relations: { image: [], predicate: [], rank: [], otherRank: [], isUnseen: [] },
    leftOut: { objects: 0, relationships: 0 },
  };
}

/**
 * Makes the function that judges images one after the other into a tally, in the dataset's order.
 *
 * Errors: none.
 */
export function tallying(tally: Tally): (row: EvaluationRow) => void {
  const places = new Map(tally.protocol.classes.predicates.map((name, i) => [name, i]));
  return (row) => {
    const place = tally.imageIds.length;
    addImage(tally, place, judge(row, place, tally.protocol), places);
  };
}

function addImage(
  tally: Tally,
  place: number,
  result: ImageResult,
  predicates: ReadonlyMap<string, number>,
): void {
  tally.imageIds.push(result.imageId);
  tally.answers.push(result.answer);
  tally.isCounted.push(result.isCounted);
  tally.leftOut.objects += result.leftOut.objects;
  tally.leftOut.relationships += result.leftOut.relationships;
  const { relations } = tally;
  for (const { predicate, rank, otherRank, isUnseen } of result.relations) {
    relations.image.push(place);
    relations.predicate.push(predicates.get(predicate)!);
    relations.rank.push(rank);
    relations.otherRank.push(otherRank);
    relations.isUnseen.push(isUnseen);
  }
  for (const { name, positives, hits, ignored } of result.detections) {
    const of = tally.classes.get(name)!;
    const detections = hits[0]!.length;
    for (let i = 0; i < detections; i += 1) of.image.push(place);
    const hasTruth = positives.some((count) => count > 0);
    if (hasTruth) of.truthImage.push(place);
    for (let area = 0; area < positives.length; area += 1) {
      for (let i = 0; i < detections; i += 1) {
        of.hits[area]!.push(hits[area]![i]!);
        of.ignored[area]!.push(ignored[area]![i]!);
      }
      if (hasTruth) of.positives[area]!.push(positives[area]!);
    }
  }
}

/** The tally of rows that are all there. Errors: none. */
export function tallyOf(rows: Iterable<EvaluationRow>, protocol: Protocol): Tally {
  const tally = newTally(protocol);
  const add = tallying(tally);
  for (const row of rows) add(row);
  return tally;
}
