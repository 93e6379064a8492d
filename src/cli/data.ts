import { Command } from "commander";
import { synthesize } from "../data/synthesize.ts";
import { checkCommand } from "./data-check.ts";
import { prepareCommand } from "./data-prepare.ts";
import { statsCommand } from "./data-stats.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { showProgress } from "./progress.ts";

/** `r1sgg data`: what stands between a user's files and training. */
export const dataCommand = (io: Io): Command =>
  new Command("data")
    .description("prepare a dataset, check it, count it, or draw one")
    .addCommand(prepareCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(statsCommand(io))
    .addCommand(synthCommand(io));

/** Fewer scenes are drawn before anybody wonders. */
const worthTelling = 1000;

const synthCommand = ({ print }: Io): Command =>
  new Command("synth")
    .description("draw scenes with exact boxes and true relations, the same for the same seed")
    .requiredOption("--count <n>", "how many images", wholeNumber(1))
    .option("--seed <n>", "which scenes", wholeNumber(0), 0)
    .requiredOption("--out <dir>", "a new folder: scenes.jsonl and images/")
    .action(async (options: { count: number; seed: number; out: string }) => {
      const progress = showProgress();
      const onProgress = (done: number) => {
        if (options.count >= worthTelling)
          progress.update("draw", `${done} of ${options.count} scenes`);
      };
      const path = await interruptible(
        (signal) => `Cannot finish "${options.out}": ${signal}, nothing is written`,
        (signal) => synthesize({ ...options, signal, onProgress }),
      ).finally(progress.stop);
      print(`${path}\n`);
    });
