import { type Command, InvalidArgumentError, Option } from "commander";
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
import { loadSimilarity } from "./eval-similarity.ts";
import { trainingFacts } from "./eval-training.ts";
import { wholeNumber } from "./numbers.ts";

/** What all `r1sgg eval` commands are told about the way to judge. */
export interface SetupOptions {
  readonly dataset: string;
  readonly classes?: string;
  readonly compat: "strict" | "release";
  readonly matchNames: "exact" | "similarity";
  readonly threshold: number;
  readonly trainingData?: string;
}

/** A way to judge, and what else is known of the classes. */
export interface Setup {
  readonly protocol: Protocol;
  readonly frequencies?: Frequencies;
}

/** Adds the options of `SetupOptions` to a command. */
export function withSetup(command: Command): Command {
  return command
    .option("--dataset <path>", "JSONL file, or a folder that holds one; images not needed")
    .option(
      "--classes <list>",
      'vg150, psg, "dataset" (the names in it; default under strict), or a JSON file {"objects": […], "predicates": […]}',
    )
    .addOption(
      new Option(
        "--compat <mode>",
        "strict: the clean definition of SGDET; release: the released evaluator, quirks included",
      )
        .choices(["strict", "release"])
        .default("strict"),
    )
    .addOption(
      new Option(
        "--match-names <way>",
        "exact; similarity: a name that is no class counts as the most similar class",
      )
        .choices(["exact", "similarity"])
        .default("exact"),
    )
    .option("--threshold <number>", "least similarity of --match-names similarity", share, 0.7)
    .option(
      "--training-data <path>",
      "dataset that was trained on: its triplets are not zero-shot, its counts make head, body and tail",
    );
}

/** How many samples, and the seed; `bootstrap` is what the option is called. */
export interface BootstrapOptions {
  readonly bootstrap: number;
  readonly seed: number;
}

/**
 * Ends a command that lacks options which it needs.
 *
 * Commander's own required options would be asked for by the commands below this one too.
 */
export function requireOptions(command: Command, names: readonly string[]): void {
  for (const option of command.options.filter((one) => names.includes(one.attributeName())))
    if (command.getOptionValue(option.attributeName()) === undefined)
      command.error(`error: required option '${option.flags}' not specified`);
}

/** Adds the options of the bootstrap to a command. */
export const withBootstrap = (command: Command): Command =>
  command
    .option(
      "--bootstrap <samples>",
      "samples for the intervals of 95 %; 0 for none",
      wholeNumber(0),
      1000,
    )
    .option("--seed <number>", "seed of the bootstrap", wholeNumber(0), 0);

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
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
  const similarity = await loadSimilarity();
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
