import { Command } from "commander";
import { synthesize } from "../data/synthesize.ts";
import { checkCommand } from "./data-check.ts";
import { prepareCommand } from "./data-prepare.ts";
import { statsCommand } from "./data-stats.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

/** `r1sgg data`: what stands between a user's files and training. */
export const dataCommand = (io: Io): Command =>
  new Command("data")
    .description("prepare a dataset, check it, count it, or draw one")
    .addCommand(prepareCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(statsCommand(io))
    .addCommand(synthCommand(io));

const synthCommand = ({ print }: Io): Command =>
  new Command("synth")
    .description("draw scenes with exact boxes and true relations, the same for the same seed")
    .requiredOption("--count <n>", "how many images", wholeNumber(1))
    .option("--seed <n>", "which scenes", wholeNumber(0), 0)
    .requiredOption("--out <dir>", "a new folder: scenes.jsonl and images/")
    .action(async (options: { count: number; seed: number; out: string }) => {
      print(`${await synthesize(options)}\n`);
    });
