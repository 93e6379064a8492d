import type { ClassNames } from "../core/classes/class-names.ts";
import { type Prepared, prepare } from "../core/metrics/figures.ts";
import type { Frequencies } from "../core/metrics/predicate-groups.ts";
import { type Protocol, type StrictOptions, strictProtocol } from "../core/metrics/protocol.ts";
import { similarName, toReader, unswapped } from "../core/metrics/reader.ts";
import { releaseProtocol } from "../core/metrics/release/protocol.ts";
import { classCollector } from "../core/metrics/scene.ts";
import { newTally, tallying } from "../core/metrics/tally.ts";
import { byNames, isUnseenInVg150 } from "../core/metrics/unseen.ts";
import { vg150Frequencies } from "../core/metrics/vg150-frequencies.ts";
import { readClasses } from "../data/class-list.ts";
import { readEvaluationRows } from "../data/evaluation-rows.ts";
import { streamDataset } from "../data/load.ts";
import { SggError } from "../errors.ts";
import type { SetupOptions } from "./eval-options.ts";
import { trainingFacts } from "./eval-training.ts";

/** A way to judge, and what else is known of the classes. */
export interface Setup {
  readonly protocol: Protocol;
  readonly frequencies?: Frequencies;
}

/**
 * Makes the way to judge that the options ask for.
 *
 * Errors: SggError USAGE for options that do not go together, DATA for files.
 */
export async function toSetup(options: SetupOptions): Promise<Setup> {
  if (options.compat === "release") return releaseSetup(options);
  const { classes = "dataset", dataset, matchNames, threshold, trainingData } = options;
  const list = classes === "dataset" ? await classesOf(dataset) : await readClasses(classes);
  const training = trainingData === undefined ? undefined : await trainingFacts(trainingData);
  const isVg150 = classes === "vg150";
  const unseen = training?.isUnseen ?? (isVg150 ? byNames(isUnseenInVg150) : undefined);
  const frequencies = training?.frequencies ?? (isVg150 ? vg150Frequencies : undefined);
  const strict: StrictOptions = {
    ...(unseen && { isUnseen: unseen }),
    ...(matchNames === "similarity" && { answer: await similarReader(list, threshold) }),
  };
  return { protocol: strictProtocol(list, strict), ...(frequencies && { frequencies }) };
}

function releaseSetup({ classes, matchNames, trainingData }: SetupOptions): Setup {
  const cannot = (option: string, wanted: string) =>
    new SggError("USAGE", `Cannot evaluate with "--compat release": ${option}, expected ${wanted}`);
  if (classes !== "vg150" && classes !== "psg")
    throw cannot(
      classes === undefined ? "no --classes" : `--classes ${classes}`,
      "--classes vg150 or psg, which are the two that the release knows",
    );
  if (matchNames !== "exact")
    throw cannot(
      `--match-names ${matchNames}`,
      "none: the release maps names by lists and WordNet",
    );
  if (trainingData !== undefined)
    throw cannot(
      "--training-data",
      "none: the release has a list of zero-shot triplets of its own",
    );
  return {
    protocol: releaseProtocol(classes),
    ...(classes === "vg150" && { frequencies: vg150Frequencies }),
  };
}

async function classesOf(dataset: string): Promise<ClassNames> {
  const names = classCollector();
  for await (const row of streamDataset(dataset)) names.add(row);
  return names.classes();
}

async function similarReader(list: ClassNames, threshold: number) {
  const { nativeSimilarity } = await import("../similarity/providers.ts"); // its model is 6 MB
  const { similarity } = await nativeSimilarity();
  const read = (names: readonly string[]) => similarName(names, similarity, threshold);
  return toReader(read(list.objects), unswapped(read(list.predicates)));
}

/** What there is to say about the answers, beside the figures. */
export interface Judged {
  readonly prepared: Prepared;
  /** Answers that do not say what their boxes go up to. */
  readonly withoutScale: number;
}

/** Judges a file of predictions. Errors: SggError DATA for faults of the files. */
export async function judgeFile(
  dataset: string,
  predictions: string,
  protocol: Protocol,
): Promise<Judged> {
  const tally = newTally(protocol);
  const add = tallying(tally);
  let withoutScale = 0;
  for await (const row of readEvaluationRows(dataset, predictions)) {
    if (row.answer && !row.answer.box_scale) withoutScale += 1;
    add(row);
  }
  return { prepared: prepare(tally), withoutScale };
}
