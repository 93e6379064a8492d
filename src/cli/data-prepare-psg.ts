import { Command } from "commander";
import { readPsg } from "../data/prepare/psg.ts";
import type { Duplicates } from "../data/prepare/relations.ts";
import {
  duplicatesOption,
  list,
  type PrepareFlags,
  prepare,
  splitOption,
} from "./data-prepare-run.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

interface PsgFlags extends PrepareFlags {
  readonly psg: string;
  readonly images: readonly string[];
  readonly split: readonly ("train" | "test")[];
  readonly filterRelations?: true;
  readonly duplicates: Duplicates;
  readonly seed: number;
  readonly statedSizes?: true;
}

/** `r1sgg data prepare psg`: Panoptic Scene Graphs, as boxes. */
export const preparePsgCommand = (io: Io): Command =>
  new Command("psg")
    .description("PSG from psg.json and the images of COCO 2017")
    .requiredOption("--psg <file>", "psg.json")
    .requiredOption("--images <folders>", "the folder that holds train2017 and val2017", list)
    .requiredOption("--out <dir>", "a new folder: a .jsonl file a split, and prepare.json")
    .addOption(splitOption(["train", "test"], ["train", "test"]))
    .option("--filter-relations", "drop images without a relation")
    .addOption(duplicatesOption("").default("triplets"))
    .option("--seed <n>", "of the draws of --duplicates pairs", wholeNumber(0), 0)
    .option("--stated-sizes", "believe psg.json and open no image")
    .option("--copy-images", "copy the images into the folder; else the rows say where they lie")
    .option("--json", "print what prepare.json holds")
    .action((flags: PsgFlags) => {
      const { psg, images, split: splits, duplicates, seed } = flags;
      const relations = flags.filterRelations ?? false;
      const sizes = flags.statedSizes ? "stated" : "measured";
      const options = { psg, images, splits, relations, duplicates, seed, sizes } as const;
      return prepare((onProgress, signal) => readPsg(options, onProgress, signal), flags, io);
    });
