import { type Command, InvalidArgumentError, Option } from "commander";
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
