import { Command } from "commander";
import type { SceneStyle } from "../data/scenes/style.ts";
import { synthesize } from "../data/synthesize.ts";
import { checkCommand } from "./data-check.ts";
import { prepareCommand } from "./data-prepare.ts";
import { statsCommand } from "./data-stats.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { finiteNumber, fraction, wholeNumber } from "./numbers.ts";
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

type SynthFlags = { readonly count: number; readonly seed: number; readonly out: string } & Omit<
  SceneStyle,
  "clutter_mean" | "clutter_shown" | "same_picture"
> & {
    readonly clutterMean?: number;
    readonly clutterShown?: number;
    readonly samePicture?: number;
  };

const synthCommand = ({ print }: Io): Command =>
  new Command("synth")
    .description("draw scenes with exact boxes and true relations, the same for the same seed")
    .requiredOption("--count <n>", "how many images", wholeNumber(1))
    .option("--seed <n>", "which scenes", wholeNumber(0), 0)
    .requiredOption("--out <dir>", "a new folder: scenes.jsonl and images/")
    .option("--size <pixels>", "square images of this side, not five shapes", wholeNumber(28))
    .option("--grid <pixels>", "boxes lie on multiples of this, so numbers are few", wholeNumber(1))
    .option("--scale <factor>", "objects so many times as large", finiteNumber)
    .option("--plain", "each kind of object in one colour, not three")
    .option("--light <share>", "red light from the left, blue from above: tells where", fraction)
    .option(
      "--hatch <levels>",
      "fine lines that grow to the right and down: tell where",
      finiteNumber,
    )
    .option("--alone <share>", "scenes that show one thing alone", fraction)
    .option("--clutter <share>", "scenes littered with pebbles: provokes endless lists", fraction)
    .option("--clutter-mean <n>", "pebbles that are listed, on average", finiteNumber)
    .option("--clutter-shown <n>", "pebbles to be seen, of which some are listed", wholeNumber(1))
    .option("--questions", "rows with a question and answer of their own, as pre-training has")
    .option("--same-picture <rows>", "rows that ask about the same picture", wholeNumber(1))
    .action(async ({ count, seed, out, ...flags }: SynthFlags) => {
      const { clutterMean, clutterShown, samePicture, ...rest } = flags;
      const names = { clutter_mean: clutterMean, clutter_shown: clutterShown };
      const style = { ...rest, ...names, same_picture: samePicture };
      const progress = showProgress();
      const onProgress = (done: number) => {
        if (count >= worthTelling) progress.update("draw", `${done} of ${count} scenes`);
      };
      const path = await interruptible(
        (signal) => `Cannot finish "${out}": ${signal}, nothing is written`,
        (signal) => synthesize({ count, seed, out, style, signal, onProgress }),
      ).finally(progress.stop);
      print(`${path}\n`);
    });
