import { Command } from "commander";
import type { ClassNames } from "../core/classes/class-names.ts";
import { checkInThreads } from "../data/check/check.ts";
import { readClasses } from "../data/class-list.ts";
import { faultText } from "../data/fault.ts";
import type { DatasetCheck } from "../data/load.ts";
import { mendsFile } from "../data/prepare/copy-rows.ts";
import { mendDataset } from "../data/prepare/mend-dataset.ts";
import { SggError } from "../errors.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { showProgress } from "./progress.ts";

interface CheckFlags {
  readonly images: boolean;
  readonly classes?: string;
  readonly fix?: string;
  readonly json?: true;
}

/** `r1sgg data check`: every fault of a dataset, before a GPU hour is spent on it. */
export const checkCommand = (io: Io): Command =>
  new Command("check")
    .description(
      "check every row of a dataset: layout, boxes, relations, images (exit 3 on faults)",
    )
    .argument("<path>", "a .jsonl or .parquet file, or a folder that holds one set of them")
    .option("--no-images", "do not open the images")
    .option(
      "--classes <list>",
      'names that are known: vg150, psg, or a JSON file {"objects": […], "predicates": […]}',
    )
    .option(
      "--fix <dir>",
      "write a new set there, mended where that harms nobody and without the other faulty rows",
    )
    .option("--json", "print what was found as JSON")
    .action(async (path: string, flags: CheckFlags) => run(path, flags, io));

/** Fewer rows are checked before anybody wonders. */
const worthTelling = 4000;

async function run(path: string, flags: CheckFlags, { print, warn }: Io): Promise<void> {
  if (flags.fix !== undefined && !flags.images) {
    const found = "the new set has the images in it";
    throw new SggError(
      "USAGE",
      `Cannot use --fix with --no-images: ${found}, expected one of them`,
    );
  }
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes);
  const progress = showProgress();
  const onRows = (rows: number) => {
    if (rows >= worthTelling) progress.update("check", `${rows} rows`);
  };
  const checked = await checkInThreads(path, { images: flags.images, classes, onRows }).finally(
    progress.stop,
  );
  if (!flags.json) for (const fault of checked.faults) print(`${faultText(fault)}\n`);
  const mended =
    flags.fix === undefined ? undefined : await mend(path, { out: flags.fix, classes, warn });
  if (flags.json) print(`${JSON.stringify({ ...checked, ...mended }, undefined, 2)}\n`);
  if (checked.faults.length > 0 && mended?.left_out !== 0) throw faulty(path, checked);
  if (!flags.json && checked.faults.length === 0)
    print(`${checked.path}: ${rowsText(checked.rows)}, no faults\n`);
}

interface Mending {
  readonly out: string;
  readonly classes: ClassNames | undefined;
  readonly warn: Io["warn"];
}

/** Writes the mended set and says what became of it. */
async function mend(path: string, { out, classes, warn }: Mending) {
  const { counts } = await interruptible(
    (signal) => `Cannot finish "${out}": ${signal}, nothing is written`,
    (signal) => mendDataset(path, { out, classes, signal }),
  );
  const { written, mended, leftOut } = counts;
  warn(
    `${out}: ${rowsText(written)}, ${mended} of them mended, ${leftOut} left out (listed in ${mendsFile})\n`,
  );
  return { fixed: out, mended, left_out: leftOut };
}

const rowsText = (rows: number): string => (rows === 1 ? "1 row" : `${rows} rows`);

function faulty(path: string, { faults, rows }: DatasetCheck): SggError {
  const found = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new SggError("DATA", `Cannot use "${path}": ${found} in ${rowsText(rows)}, expected none`);
}
