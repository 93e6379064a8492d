import { refine } from "../core/graph/names.ts";
import type { Frequencies } from "../core/metrics/predicate-groups.ts";
import { className, type Triplet } from "../core/metrics/scene.ts";
import { byNames } from "../core/metrics/unseen.ts";
import { streamDataset } from "../data/load.ts";

/** What an evaluation takes from the data that a model was trained on. */
export interface TrainingFacts {
  /** Whether training lacks a triplet: what zero-shot recall is about. */
  readonly isUnseen: (triplet: Triplet) => boolean;
  readonly frequencies: Frequencies;
}

/** Reads the triplets and the predicates of a training set. Errors: SggError DATA for its faults. */
export async function trainingFacts(path: string): Promise<TrainingFacts> {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for await (const { relationships } of streamDataset(path))
    for (const { subject, predicate, object } of relationships) {
      const name = refine(predicate);
      seen.add(key(className(subject), name, className(object)));
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  const isUnseen = byNames((...names) => !seen.has(key(...names)));
  return { isUnseen, frequencies: { source: path, counts } };
}

const key = (...names: readonly string[]): string => names.join("\t");
