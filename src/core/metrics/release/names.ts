import type { ClassNames } from "../../classes/class-names.ts";
import { refine } from "../../graph/names.ts";
import { type Reader, type ReadName, type ReadPredicate, toReader } from "../reader.ts";
import maps from "./name-maps.json" with { type: "json" };
import { findSynonym, type TargetSet } from "./wordnet.ts";

/** The data sets that the release can evaluate. */
export type ReleaseData = "vg150" | "psg";

/**
 * The WordNet targets of object names. For PSG the release hands over its predicates by mistake, so
 * that no synonym ever leads to an object of PSG: "sofa" is lost.
 *
 * Source: R1-SGG e4de64d `src/sgg_gather_preds.py`, line 285
 */
const objectTargets: Readonly<Record<ReleaseData, TargetSet>> = {
  vg150: "vg150_objects",
  psg: "psg_predicates",
};

const predicateTargets: Readonly<Record<ReleaseData, TargetSet>> = {
  vg150: "vg150_predicates",
  psg: "psg_predicates",
};

/**
 * How the release reads the names of an answer: as they are, by its static maps, then by WordNet.
 *
 * Shape:  `classes` refined
 * Errors: none
 * Source: R1-SGG e4de64d `src/sgg_gather_preds.py`. Some map entries lead to names that are no
 *         classes ("reflects" to "reflecting"): what says so is dropped and not looked up further.
 */
export function releaseReader(data: ReleaseData, { objects, predicates }: ClassNames): Reader {
  const objectClasses = new Set(objects);
  const predicateClasses = new Set(predicates);
  const mapObject = mapping(
    data === "psg" ? predicateClasses : objectClasses,
    inverted(maps.objects[data]),
    objectTargets[data],
  );
  const mapPredicate = mapping(
    predicateClasses,
    inverted(maps.predicates[data]),
    predicateTargets[data],
  );
  const readObject: ReadName = (said) => {
    const name = refine(said);
    return ifIn(objectClasses, mapObject(name) ?? name);
  };
  const readPredicate = (said: string): ReadPredicate | undefined => {
    const { name, swapped } = inActiveVoice(refine(said), predicateClasses);
    const found = ifIn(predicateClasses, mapPredicate(name) ?? name);
    return found === undefined ? undefined : { name: found, swapped };
  };
  return toReader(readObject, readPredicate);
}

/** A name that is among the targets, else what the static map makes of it, else its synonym. */
const mapping =
  (targets: ReadonlySet<string>, table: ReadonlyMap<string, string>, set: TargetSet): ReadName =>
  (name) =>
    targets.has(name) ? name : (table.get(name) ?? findSynonym(name, set, targets));

/** "ridden by" is "riding" the other way round; predicates that are classes stay as they are. */
function inActiveVoice(name: string, classes: ReadonlySet<string>): ReadPredicate {
  if (classes.has(name)) return { name, swapped: false };
  const turned = swappedVoice.get(name);
  return { name: turned ?? sameVoice.get(name) ?? name, swapped: turned !== undefined };
}

const sameVoice = inverted(maps.voice.same);
const swappedVoice = inverted(maps.voice.swapped);

const ifIn = (classes: ReadonlySet<string>, name: string): string | undefined =>
  classes.has(name) ? name : undefined;

/** The maps list under each target the phrases that become it, with commas between. */
function inverted(map: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(map).flatMap(([target, phrases]) =>
      phrases.split(", ").map((phrase) => [phrase, target] as const),
    ),
  );
}
