import { Command } from "commander";
import { faultText } from "../data/fault.ts";
import { checkDataset } from "../data/load.ts";
import { synthesize } from "../data/synthesize.ts";
import { SggError } from "../errors.ts";
import { prepareCommand } from "./data-prepare.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

/** `r1sgg data`: what stands between a user's files and training. */
export const dataCommand = (io: Io): Command =>
  new Command("data")
    .description("prepare a dataset, check it, or draw one")
    .addCommand(prepareCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(synthCommand(io));

const checkCommand = ({ print }: Io): Command =>
  new Command("check")
    .description(
      "check every row of a dataset: layout, boxes, relations, images (exit 3 on faults)",
    )
    .argument("<path>", "a .jsonl file, or a folder that holds one")
    .option("--no-images", "do not open the images")
    .option("--json", "print what was found as JSON")
    .action(async (path: string, options: { images: boolean; json?: true }) => {
      const { rows, faults, path: file } = await checkDataset(path, { images: options.images });
      if (options.json) print(`${JSON.stringify({ path: file, rows, faults }, undefined, 2)}\n`);
      else for (const fault of faults) print(`${faultText(fault)}\n`);
      const counted = rows === 1 ? "1 row" : `${rows} rows`;
      if (faults.length > 0) {
        const found = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
        throw new SggError("DATA", `Cannot use "${path}": ${found} in ${counted}, expected none`);
      }
      if (!options.json) print(`${file}: ${counted}, no faults\n`);
    });

const synthCommand = ({ print }: Io): Command =>
  new Command("synth")
    .description("draw scenes with exact boxes and true relations, the same for the same seed")
    .requiredOption("--count <n>", "how many images", wholeNumber(1))
    .option("--seed <n>", "which scenes", wholeNumber(0), 0)
    .requiredOption("--out <dir>", "a new folder: scenes.jsonl and images/")
    .action(async (options: { count: number; seed: number; out: string }) => {
      print(`${await synthesize(options)}\n`);
    });
