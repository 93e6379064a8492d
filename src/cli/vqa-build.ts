import { Command } from "commander";
import { readClasses } from "../data/class-list.ts";
import { streamDataset } from "../data/load.ts";
import { buildQuestions } from "../data/vqa/build.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

interface BuildFlags {
  readonly dataset: string;
  readonly out: string;
  readonly classes: string;
  readonly seed: number;
  readonly limit?: number;
  readonly images: boolean;
}

/** `r1sgg vqa build`: the questions of a dataset. */
export const vqaBuildCommand = ({ print, warn }: Io): Command =>
  new Command("build")
    .description("make the questions: one a relation, its three wrong options drawn by a seed")
    .requiredOption("--dataset <path>", "a .jsonl or .parquet file, or a folder that holds one set")
    .requiredOption("--out <dir>", "a new folder: questions.jsonl and vqa.json")
    .option("--classes <list>", "whose predicates are drawn: vg150, psg, or a JSON file", "vg150")
    .option("--seed <n>", "which wrong options, and in which order", wholeNumber(0), 0)
    .option("--limit <n>", "ask about the first n images only", wholeNumber(1))
    .option("--images", "write the prompts and masked images of all settings too", false)
    .action(async ({ dataset, out, classes, seed, limit, images }: BuildFlags) => {
      const { predicates } = await readClasses(classes);
      const rows = streamDataset(dataset);
      const facts = await interruptible(
        (signal) => `"${out}" was interrupted by ${signal}, nothing is written`,
        (signal) =>
          buildQuestions({
            ...{ rows, predicates, seed, out, images, signal },
            ...(limit !== undefined && { limit }),
          }),
      );
      const without = facts.images_without_relations;
      warn(
        `vqa: ${facts.questions} questions on ${facts.images} images${without > 0 ? `, ${without} of them without relations` : ""}\n`,
      );
      print(`${out}\n`);
    });
