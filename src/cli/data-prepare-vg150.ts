import { Command } from "commander";
import type { Duplicates } from "../data/prepare/relations.ts";
import { readVg150, vg150Filters } from "../data/prepare/vg150.ts";
import {
  duplicatesOption,
  list,
  type PrepareFlags,
  prepare,
  splitOption,
} from "./data-prepare-run.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

interface Vg150Flags extends PrepareFlags {
  readonly h5: string;
  readonly dicts: string;
  readonly imageData: string;
  readonly images: readonly string[];
  readonly split: readonly ("train" | "val" | "test")[];
  readonly numVal: number;
  readonly filterCorrupt: boolean;
  readonly filterRelations: boolean;
  readonly filterOverlap: boolean;
  readonly duplicates?: Duplicates;
  readonly seed: number;
  readonly exactBoxes?: true;
  readonly statedSizes?: true;
}

/** `r1sgg data prepare vg150`: Visual Genome with 150 objects and 50 predicates. */
export const prepareVg150Command = (io: Io): Command =>
  new Command("vg150")
    .description("VG150 from VG-SGG.h5, its names, image_data.json and the images of Visual Genome")
    .requiredOption("--h5 <file>", "VG-SGG.h5 or VG-SGG-with-attri.h5")
    .requiredOption("--dicts <file>", "VG-SGG-dicts.json or VG-SGG-dicts-with-attri.json")
    .requiredOption("--image-data <file>", "image_data.json")
    .requiredOption("--images <folders>", "for example VG_100K,VG_100K_2, or what holds both", list)
    .requiredOption("--out <dir>", "a new folder: a .jsonl file a split, and prepare.json")
    .addOption(splitOption(["train", "val", "test"], ["train", "val"]))
    .option("--num-val <n>", "images kept for validation", wholeNumber(0), vg150Filters.validation)
    .option("--no-filter-corrupt", "keep the four images that cannot be opened")
    .option("--no-filter-relations", "keep images without a relation")
    .option("--no-filter-overlap", "keep training relations whose boxes do not touch")
    .addOption(duplicatesOption("default: triplets in training, keep elsewhere"))
    .option("--seed <n>", "of the draws of --duplicates pairs", wholeNumber(0), vg150Filters.seed)
    .option("--exact-boxes", "do not round boxes to whole pixels")
    .option("--stated-sizes", "believe image_data.json and open no image")
    .option("--copy-images", "copy the images into the folder; else the rows say where they lie")
    .option("--json", "print what prepare.json holds")
    .action((flags: Vg150Flags) =>
      prepare((onProgress, signal) => readVg150(toOptions(flags), onProgress, signal), flags, io),
    );

const toOptions = (flags: Vg150Flags): Parameters<typeof readVg150>[0] => ({
  h5: flags.h5,
  dicts: flags.dicts,
  imageData: flags.imageData,
  images: flags.images,
  splits: flags.split,
  filters: {
    corrupt: flags.filterCorrupt,
    relations: flags.filterRelations,
    overlap: flags.filterOverlap,
    validation: flags.numVal,
    seed: flags.seed,
  },
  ...(flags.duplicates !== undefined && { duplicates: flags.duplicates }),
  boxes: flags.exactBoxes ? "exact" : "whole",
  sizes: flags.statedSizes ? "stated" : "measured",
});
